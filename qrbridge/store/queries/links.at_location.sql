-- The links that belong to a location, and those that once did; scans are those of their time there.
select here.code, link.notice, link.made_at, here.until_hour,
    case when here.until_hour = '9999' then link.state else 'moved' end as state,
    case
        when here.until_hour = '9999'
            then (
                select max(hanging.up_day)
                from hanging
                where hanging.code = here.code and hanging.down_day is null
            )
    end as up_since,
    (
        select coalesce(cast(sum(scan_hour.scans) as integer), 0)
        from scan_hour
        where scan_hour.code = here.code and scan_hour.hour >= here.from_hour and scan_hour.hour < here.until_hour
    ) as scans,
    (
        select coalesce(cast(sum(scan_hour.scans) as integer), 0)
        from scan_hour
        where scan_hour.code = here.code and scan_hour.hour >= here.from_hour and scan_hour.hour < here.until_hour
            and scan_hour.hour >= :first_hour
    ) as lately,
    (
        select coalesce(cast(sum(scan_hour.scans) as integer), 0)
        from scan_hour
        where scan_hour.code = here.code and scan_hour.hour >= here.from_hour and scan_hour.hour < here.until_hour
            and scan_hour.simulated = 1
    ) as simulated
from (
    select code, since_hour as from_hour, '9999' as until_hour
    from link
    where location = :location
    union all
    select code, from_hour, until_hour
    from stay
    where location = :location
) as here
join link on link.code = here.code
order by here.until_hour desc, case when link.state = 'withdrawn' then 1 else 0 end, link.made_at desc, here.code
