-- One page of notices. No end comes after every day.
select found.key, found.service, found.service_name, found.ends, found.links, found.up
from (
    select notice.key, notice.service, service.name as service_name,
        service.searched as service_searched, notice.ends,
        case when notice.ends = '' then '9999' else notice.ends end as end_day,
        (
            select count(*)
            from link
            where link.notice = notice.key
        ) as links,
        (
            select count(*)
            from link
            where link.notice = notice.key and link.state = 'up'
        ) as up
    from notice
    join service on service.key = notice.service
    where (cast(:search as text) is null or notice.key || ' ' || service.searched like :search escape '!')
        and (cast(:service as text) is null or notice.service = :service)
) as found
order by
    case cast(:ordered as text)
        when 'service' then found.service_searched
        when 'ends' then found.end_day
    end,
    case cast(:ordered as text)
        when 'key-down' then found.key
        when 'service-down' then found.service_searched
        when 'ends-down' then found.end_day
    end desc,
    case cast(:ordered as text)
        when 'links' then found.links
        when 'up' then found.up
    end,
    case cast(:ordered as text)
        when 'links-down' then found.links
        when 'up-down' then found.up
    end desc,
    found.key
limit :most offset :offset
