-- Rises only: of two who send one code at one moment, the second finds it used.
update person
set totp_step = :step
where email = :email and totp_step < :step
