update location
set latitude = (select postcode.latitude from postcode where postcode.postcode = location.postcode),
    longitude = (select postcode.longitude from postcode where postcode.postcode = location.postcode)
where latitude is null
    and exists (
        select 1 from postcode where postcode.postcode = location.postcode and postcode.latitude is not null
    )
