insert into staff_session (hash, person, stage, began_at, seen_at, told)
values (:hash, :email, :stage, :now, :now, '')
