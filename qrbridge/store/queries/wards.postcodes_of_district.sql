-- By substr and not by a range: the two engines sort a space differently.
select postcode, ward, latitude, longitude
from postcode
where substr(postcode, 1, length(cast(:district as text))) = :district
