select id, kind, who, given, state, made_at, beat_at, ended_at, tries, done, total, message, outcome
from job
where state in ('waiting', 'running')
order by made_at, id
