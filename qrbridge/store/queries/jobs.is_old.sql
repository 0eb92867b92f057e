select id
from job
where id = :id and state in ('done', 'failed') and ended_at < :before
