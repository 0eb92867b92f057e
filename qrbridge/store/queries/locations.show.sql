select reference, name, address, postcode, ward, latitude, longitude, kind, setting
from location
where reference = :reference
