-- Only to save asking one by one: the engines sort text differently, so a location missing here is asked for by itself.
select reference, name, address, postcode, ward, latitude, longitude, kind, setting
from location
where reference between :first and :last
limit :most
