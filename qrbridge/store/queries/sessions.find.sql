select
    person.email, person.name, person.role, person.active,
    staff_session.stage, staff_session.seen_at, staff_session.told
from staff_session
join person on person.email = staff_session.person
where staff_session.hash = :hash
    and person.active = 1
    and staff_session.began_at > :began_after
    and staff_session.seen_at > :seen_after
