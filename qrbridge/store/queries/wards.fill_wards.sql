update location
set ward = (select postcode.ward from postcode where postcode.postcode = location.postcode)
where ward is null
    and exists (select 1 from postcode where postcode.postcode = location.postcode)
