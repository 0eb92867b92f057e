select code, notice, location, state, made_at, reason
from link
where notice = :notice and state <> 'withdrawn'
