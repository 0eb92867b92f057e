select location.reference, location.name, ward.name as ward_name, location.latitude, location.longitude,
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
order by location.reference
