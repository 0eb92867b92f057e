-- What wards.fill_wards and wards.fill_coordinates will change, as it is and as it will be.
select location.reference, location.ward, location.latitude, location.longitude,
    coalesce(location.ward, postcode.ward) as found_ward,
    coalesce(location.latitude, postcode.latitude) as found_latitude,
    case when location.latitude is null then postcode.longitude else location.longitude end as found_longitude
from location
join postcode on postcode.postcode = location.postcode
where location.reference > :after
    and (location.ward is null or (location.latitude is null and postcode.latitude is not null))
order by location.reference
limit :most
