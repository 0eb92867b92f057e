-- Nobody else is at it, or whoever was gave no sign of life since; and of one kind one job is done at a time.
update job
set state = 'running', beat_at = :at, tries = tries + 1, done = 0
where id = :id
    and (state = 'waiting' or (state = 'running' and beat_at < :lost_before))
    and not exists (
        select 1
        from job as other
        where other.kind = job.kind and other.id <> job.id and other.state = 'running'
            and other.beat_at >= :lost_before
    )
returning id, kind, who, given, state, made_at, beat_at, ended_at, tries, done, total, message, outcome
