select service.key, service.name, service.owner, service.review_day, count(notice.key) as notices
from service
left join notice on notice.service = service.key
group by service.key, service.name, service.owner, service.review_day
