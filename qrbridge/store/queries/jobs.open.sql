select id
from job
where state in ('waiting', 'running')
order by made_at, id
