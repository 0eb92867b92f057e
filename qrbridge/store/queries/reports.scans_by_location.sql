-- A link that was moved belongs to each of its locations for some days; most have one stay, from before any day on.
with stays as (
    select code, location, from_day, from_hour, until_day, until_hour
    from stay
    union all
    select code, location, since_day, since_hour, 2147483647, '9999'
    from link
),
hung as (
    select code, from_day, cast(sum(case when last_day > first_day then last_day - first_day else 0 end) as integer) as days
    from (
        select stays.code, stays.from_day,
            case
                when hanging.up_day >= :first_day and hanging.up_day >= stays.from_day then hanging.up_day
                when stays.from_day > :first_day then stays.from_day
                else :first_day
            end as first_day,
            case
                when coalesce(hanging.down_day, :after_day) <= :after_day
                    and coalesce(hanging.down_day, :after_day) <= stays.until_day
                    then coalesce(hanging.down_day, :after_day)
                when stays.until_day < :after_day then stays.until_day
                else :after_day
            end as last_day
        from hanging
        join stays on stays.code = hanging.code
    ) as clipped
    group by code, from_day
),
counted as (
    select stays.code, stays.from_day, cast(sum(scan_hour.scans) as integer) as scans,
        cast(coalesce(sum(scan_hour.scans) filter (where scan_hour.simulated = 1), 0) as integer) as simulated
    from scan_hour
    join stays on stays.code = scan_hour.code
        and scan_hour.hour >= stays.from_hour and scan_hour.hour < stays.until_hour
    where scan_hour.hour >= :first_hour and scan_hour.hour < :after_hour
    group by stays.code, stays.from_day
)
select location.reference, location.name, ward.name as ward, location.kind,
    cast(count(distinct stays.code) as integer) as links,
    cast(coalesce(sum(hung.days), 0) as integer) as days_up,
    cast(coalesce(sum(counted.scans), 0) as integer) as scans,
    cast(coalesce(sum(counted.simulated), 0) as integer) as simulated,
    case
        when coalesce(sum(hung.days), 0) > 0
            then cast(100.0 * coalesce(sum(counted.scans), 0) / sum(hung.days) as double precision)
    end as scans_per_100_days
from stays
join link on link.code = stays.code
join location on location.reference = stays.location
left join ward on ward.code = location.ward
left join hung on hung.code = stays.code and hung.from_day = stays.from_day
left join counted on counted.code = stays.code and counted.from_day = stays.from_day
where (cast(:notice as text) is null or link.notice = :notice)
    and (cast(:ward as text) is null or ward.code = :ward or ward.folded = :ward_folded)
    and stays.until_day > :first_day and stays.from_day < :after_day
group by location.reference, location.name, ward.name, location.kind
