select distinct kind
from location
where kind <> ''
order by kind
