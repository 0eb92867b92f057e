delete from recovery_code
where person = :email
