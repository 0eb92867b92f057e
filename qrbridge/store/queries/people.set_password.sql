update person
set password = :password
where email = :email
