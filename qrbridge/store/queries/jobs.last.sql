select id, kind, who, given, state, made_at, beat_at, ended_at, tries, done, total, message, outcome
from job
where kind = :kind and given = :given
order by made_at desc, id
limit 1
