delete from council_logo
where id = 1
