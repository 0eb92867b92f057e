update person
set totp_secret = :totp_secret, totp_step = 0
where email = :email
