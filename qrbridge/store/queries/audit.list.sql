-- Newest first. From one row more than a page holds it is known that there is another page.
select id, at, who, noun, key, verb, before, after
from audit
where (cast(:who as text) = '' or who = :who)
    and (cast(:noun as text) = '' or noun = :noun)
    and (cast(:key as text) = '' or key = :key)
    and at >= :from_at
    and at < :until_at
    and id < :before_id
order by id desc
limit :most
