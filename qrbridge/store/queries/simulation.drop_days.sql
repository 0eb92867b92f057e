delete from scan_day
where code = :code and simulated = 1
