select reference
from location
where lower(reference) = lower(:reference)
order by reference
