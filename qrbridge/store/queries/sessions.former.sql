-- Whose session this was, however long ago it was over.
select person.email
from staff_session
join person on person.email = staff_session.person
where staff_session.hash = :hash and staff_session.stage = 'whole' and person.active = 1
