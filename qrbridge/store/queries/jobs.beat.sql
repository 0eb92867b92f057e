update job
set beat_at = :at, done = :done
where id = :id and tries = :try_number and state = 'running'
