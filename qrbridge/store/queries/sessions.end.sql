delete from staff_session
where hash = :hash
