select id, kind, who, given, state, made_at, beat_at, ended_at, tries, done, total, message, outcome
from job
where (cast(:who as text) is null or who = :who) and (cast(:kind as text) is null or kind = :kind)
order by made_at desc, id
limit :most
