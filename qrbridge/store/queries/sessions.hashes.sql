select hash
from staff_session
where person = :email and stage = 'whole'
