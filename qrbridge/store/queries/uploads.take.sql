update upload
set state = 'imported'
where id = :id and state = 'read'
