select service.name, service.phone, service.hours, service.place, service.summary
from notice
join service on service.key = notice.service
where notice.key = :notice
