-- What is kept of names without their case, with the text it is of.
select 'person' as noun, email as key, name as text, folded
from person
union all
select 'service', key, name, searched
from service
union all
select 'location', reference, name || ' ' || reference || ' ' || address || ' ' || postcode, searched
from location
