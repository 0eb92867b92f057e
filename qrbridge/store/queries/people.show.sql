select email, name, role, active, password, totp_secret, totp_step, made_at, signed_in_at
from person
where email = :email
