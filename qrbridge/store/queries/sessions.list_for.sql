select began_at, seen_at, case when hash = :hash then 1 else 0 end as this_one
from staff_session
where person = :email and stage = 'whole' and began_at > :began_after and seen_at > :seen_after
order by seen_at desc, hash
