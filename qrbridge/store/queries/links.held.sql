select link.code, link.state, link.made_at,
    (
        select max(coalesce(hanging.down_day, hanging.up_day))
        from hanging
        where hanging.code = link.code
    ) as latest
from link
where link.code = :code
