select
    email, name, role, active, made_at, signed_in_at,
    case when password <> '' then 1 else 0 end as has_password,
    case when totp_secret <> '' then 1 else 0 end as has_second_factor
from person
order by email
