delete from shared_file
where owner = :owner
