select postcode, ward, latitude, longitude
from postcode
where postcode = :postcode
