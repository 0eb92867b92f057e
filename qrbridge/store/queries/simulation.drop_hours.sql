delete from scan_hour
where code = :code and simulated = 1
