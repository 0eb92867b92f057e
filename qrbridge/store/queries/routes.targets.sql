select chosen.key, chosen.ends, chosen.version, service_page.language, service_page.destination,
    chosen.name, chosen.phone, chosen.hours, chosen.place, chosen.summary
from (
    select notice.key, notice.ends, notice.service, notice.version + service.version as version,
        service.name, service.phone, service.hours, service.place, service.summary
    from notice
    join service on service.key = notice.service
    where (notice.version > :since or service.version > :since) and notice.key > :after
    order by notice.key
    limit :limit
) as chosen
left join service_page on service_page.service = chosen.service
order by chosen.key, service_page.language
