delete from sign_in_failure
where hash = :hash
