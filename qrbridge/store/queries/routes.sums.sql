-- What a faithful copy adds up to. Sums are whole numbers here; PostgreSQL would else give decimals.
select
    (select cast(count(*) as integer) from link) as links,
    (select cast(coalesce(sum(version), 0) as bigint) from link) as link_versions,
    (select cast(count(*) as integer) from notice) as targets,
    (
        select cast(coalesce(sum(notice.version + service.version), 0) as bigint)
        from notice
        join service on service.key = notice.service
    ) as target_versions
