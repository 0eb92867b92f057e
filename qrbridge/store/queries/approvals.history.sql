-- The newest first: who wrote a notice, who decided upon it, and who changed its service.
select who, at, noun, verb, before, after
from audit
where (noun = 'notice' and key = :notice and verb in ('add', 'change', 'edit', 'submit', 'approve', 'reject'))
    or (noun = 'service' and key = :service and verb = 'change')
order by id desc
