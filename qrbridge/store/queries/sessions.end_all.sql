delete from staff_session
where person = :email and hash <> :but
