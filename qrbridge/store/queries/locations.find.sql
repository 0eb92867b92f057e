-- One page of locations. No ward comes first, whatever an engine makes of null.
select place.reference, place.name, place.address, place.postcode, place.kind, place.setting, place.ward,
    place.ward_name, place.latitude, place.longitude, place.up
from (
    select location.reference, location.folded, location.searched, location.name, location.address,
        location.postcode, location.kind, location.setting, location.ward, ward.name as ward_name,
        coalesce(ward.folded, '') as ward_folded, location.latitude, location.longitude,
        (
            select count(*)
            from link
            where link.location = location.reference and link.state = 'up'
        ) as up
    from location
    left join ward on ward.code = location.ward
    where (cast(:search as text) is null or location.searched like :search escape '!')
        and (cast(:ward as text) is null or location.ward = :ward)
        and (cast(:kind as text) is null or location.kind = :kind)
) as place
order by
    case cast(:ordered as text)
        when 'reference' then place.folded
        when 'ward' then place.ward_folded
        when 'kind' then place.kind
        when 'postcode' then place.postcode
    end,
    case cast(:ordered as text)
        when 'name-down' then place.searched
        when 'reference-down' then place.folded
        when 'ward-down' then place.ward_folded
        when 'kind-down' then place.kind
        when 'postcode-down' then place.postcode
    end desc,
    case when cast(:ordered as text) = 'up' then place.up end,
    case when cast(:ordered as text) = 'up-down' then place.up end desc,
    place.searched, place.reference
limit :most offset :offset
