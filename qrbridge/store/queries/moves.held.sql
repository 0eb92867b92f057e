select link.code, link.notice, link.location, link.state, link.made_at, link.since_day,
    (
        select other.code
        from link as other
        where other.notice = link.notice and other.location = :location and other.state <> 'withdrawn'
            and other.code <> link.code
    ) as there_already
from link
where link.code = :code
