select ward.code, ward.name, count(location.reference) as locations
from ward
left join location on location.ward = ward.code
group by ward.code, ward.name
