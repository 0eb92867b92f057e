select key, name, phone, hours, place, summary, service_level, owner, review_day, lgsl
from service
where key = :key
