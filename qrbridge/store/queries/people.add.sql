insert into person (email, name, folded, role, active, password, totp_secret, totp_step, made_at, signed_in_at)
values (:email, :name, :folded, :role, :active, '', '', 0, :made_at, '')
