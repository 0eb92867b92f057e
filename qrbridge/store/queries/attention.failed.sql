-- Jobs of one person that failed lately and were not asked for again since.
select job.id, job.kind, job.message, job.given
from job
where job.who = :who and job.state = 'failed' and job.ended_at >= :from_moment
    and not exists (
        select 1
        from job as later
        where later.kind = job.kind and later.given = job.given and later.made_at > job.made_at
    )
order by job.ended_at desc, job.id
