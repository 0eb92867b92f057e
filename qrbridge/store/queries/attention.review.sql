select key, name, review_day
from service
where review_day <= :soon
order by review_day, key
