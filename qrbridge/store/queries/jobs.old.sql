select id
from job
where state in ('done', 'failed') and ended_at < :before
