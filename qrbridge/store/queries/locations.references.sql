select reference
from location
where reference > :after
order by reference
limit :most
