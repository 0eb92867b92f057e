delete from shared_file
where owner in (select id from job where state in ('done', 'failed') and ended_at < :before)
