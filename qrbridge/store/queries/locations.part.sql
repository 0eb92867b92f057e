select location.reference as location, location.name, location.address, location.postcode, location.kind,
    ward.name as ward
from location
left join ward on ward.code = location.ward
where location.reference > :after
order by location.reference
limit :most
