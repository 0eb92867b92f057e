-- Links that somebody lately saw damaged or gone and that are not up again, or saw in the wrong place and that were not
-- moved since; what was seen last stands. A case, so that no engine begins with all links that are up.
select hang_check.code, hang_check.saw, location.name
from hang_check
join link on link.code = hang_check.code
join location on location.reference = link.location
where hang_check.at >= :from_moment and hang_check.at >= link.since_hour
    and case hang_check.saw
        when 'damaged' then link.state in ('made', 'down')
        when 'elsewhere' then link.state = 'up'
        else false
    end
    and not exists (
        select 1
        from hang_check as later
        where later.code = hang_check.code
            and (later.at > hang_check.at or later.at = hang_check.at and later.id > hang_check.id)
    )
order by hang_check.at desc, hang_check.code
limit :most
