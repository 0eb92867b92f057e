-- Notices that end soon, or have ended, while sheets of theirs hang.
select ending.key, ending.ends, ending.up
from (
    select notice.key, notice.ends,
        (
            select count(*)
            from link
            where link.notice = notice.key and link.state = 'up'
        ) as up
    from notice
    where notice.ends <> '' and notice.ends <= :soon
) as ending
where ending.up > 0
order by ending.ends, ending.key
