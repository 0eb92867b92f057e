update job
set state = :state, ended_at = :at, done = :done, message = :message, outcome = :outcome
where id = :id and tries = :try_number and state = 'running'
