with hung as (
    select code, cast(sum(case when last_day > first_day then last_day - first_day else 0 end) as integer) as days
    from (
        select code,
            case when up_day > :first_day then up_day else :first_day end as first_day,
            case when coalesce(down_day, :after_day) < :after_day then down_day else :after_day end as last_day
        from hanging
    ) as clipped
    group by code
),
counted as (
    select code, cast(sum(scans) as integer) as scans,
        cast(coalesce(sum(scans) filter (where simulated = 1), 0) as integer) as simulated
    from scan_hour
    where hour >= :first_hour and hour < :after_hour
    group by code
)
select location.reference, location.name, ward.name as ward, location.kind,
    cast(count(*) as integer) as links,
    cast(coalesce(sum(hung.days), 0) as integer) as days_up,
    cast(coalesce(sum(counted.scans), 0) as integer) as scans,
    cast(coalesce(sum(counted.simulated), 0) as integer) as simulated,
    case
        when coalesce(sum(hung.days), 0) > 0
            then cast(100.0 * coalesce(sum(counted.scans), 0) / sum(hung.days) as double precision)
    end as scans_per_100_days
from link
join location on location.reference = link.location
left join ward on ward.code = location.ward
left join hung on hung.code = link.code
left join counted on counted.code = link.code
where (cast(:notice as text) is null or link.notice = :notice)
    and (cast(:ward as text) is null or ward.code = :ward or ward.folded = :ward_folded)
group by location.reference, location.name, ward.name, location.kind
