delete from recovery_code
where person = :email and hash = :hash
