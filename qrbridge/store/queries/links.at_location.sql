select link.code, link.notice, link.state, link.made_at,
    (
        select max(hanging.up_day)
        from hanging
        where hanging.code = link.code and hanging.down_day is null
    ) as up_since,
    (
        select coalesce(cast(sum(scan_hour.scans) as integer), 0)
        from scan_hour
        where scan_hour.code = link.code
    ) as scans,
    (
        select coalesce(cast(sum(scan_hour.scans) as integer), 0)
        from scan_hour
        where scan_hour.code = link.code and scan_hour.hour >= :first_hour
    ) as lately
from link
where link.location = :location
order by case when link.state = 'withdrawn' then 1 else 0 end, link.made_at desc, link.code
