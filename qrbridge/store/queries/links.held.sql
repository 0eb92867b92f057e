select link.code, link.state, link.made_at,
    (
        select max(coalesce(hanging.down_day, hanging.up_day))
        from hanging
        where hanging.code = link.code
    ) as latest,
    (
        select max(hanging.down_day)
        from hanging
        where hanging.code = link.code
    ) as down_before,
    (
        select max(hanging.up_day)
        from hanging
        where hanging.code = link.code and hanging.down_day is null
    ) as up_since
from link
where link.code = :code
