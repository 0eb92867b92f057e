insert into recovery_code (person, hash)
values (:email, :hash)
