-- All before the space and the three characters of its end: read from an index on just that.
select postcode, ward, latitude, longitude
from postcode
where substr(postcode, 1, length(postcode) - 4) = :district
