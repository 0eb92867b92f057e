update person
set totp_secret = :totp_secret, totp_step = :step
where email = :email
