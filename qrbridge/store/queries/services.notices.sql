select notice.key, notice.printable, notice.starts, notice.ends,
    (
        select count(*)
        from link
        where link.notice = notice.key and link.state in ('made', 'up', 'down')
    ) as links,
    (
        select count(*)
        from link
        where link.notice = notice.key and link.state = 'up'
    ) as up
from notice
where notice.service = :service
order by notice.starts desc, notice.key
