-- The newest first: who wrote a notice and who decided upon it.
select who, at, verb
from audit
where noun = 'notice' and key = :notice and verb in ('add', 'change', 'submit', 'approve', 'reject')
order by id desc
