insert into postcode (postcode, ward, latitude, longitude)
values (:postcode, :ward, :latitude, :longitude)
on conflict (postcode) do update set ward = excluded.ward, latitude = excluded.latitude, longitude = excluded.longitude
