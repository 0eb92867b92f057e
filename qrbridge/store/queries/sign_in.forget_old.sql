delete from sign_in_failure
where at <= :before
