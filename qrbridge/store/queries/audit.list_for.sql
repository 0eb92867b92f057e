select id, at, who, noun, key, verb, before, after
from audit
where noun = :noun and key = :key
order by id desc
