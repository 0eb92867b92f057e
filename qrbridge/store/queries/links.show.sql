select link.code, link.notice, link.location, link.state, link.made_at, link.reason,
    location.name, location.address, location.postcode, location.kind, ward.name as ward,
    (
        select coalesce(cast(sum(coalesce(hanging.down_day, :today + 1) - hanging.up_day) as integer), 0)
        from hanging
        where hanging.code = link.code
    ) as days_up
from link
join location on location.reference = link.location
left join ward on ward.code = location.ward
where link.code = :code
