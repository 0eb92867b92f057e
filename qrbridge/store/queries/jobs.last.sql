-- `givens` is a JSON object whose keys are what jobs were given; of what `json_each` gives, both engines call it key.
select id, kind, who, given, state, made_at, beat_at, ended_at, tries, done, total, message, outcome
from (
    select job.*, row_number() over (partition by given order by made_at desc, id) as place
    from job
    where kind = :kind and given in (select key from json_each(:givens))
) as numbered
where place = 1
