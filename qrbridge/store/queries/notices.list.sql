-- Counted one notice at a time, each from an index alone: grouping all links took six times as long.
select notice.key, notice.service, notice.printable, notice.size, notice.starts, notice.ends,
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
order by notice.key
