select location.reference, location.name, location.address, location.postcode, location.ward, location.latitude,
    location.longitude, location.kind, location.setting, ward.name as ward_name
from location
left join ward on ward.code = location.ward
where (cast(:ward as text) is null or ward.code = :ward or ward.folded = :ward_folded)
    and (cast(:kind as text) is null or location.kind = :kind)
