-- A row for each of its pages, in the order of their languages; one without any where it has none.
select service.key, service.name, service.phone, service.hours, service.place, service.summary, service.service_level,
    service.owner, service.review_day, service.lgsl, service_page.language, service_page.destination
from service
left join service_page on service_page.service = service.key
where service.key = :key
order by service_page.language
