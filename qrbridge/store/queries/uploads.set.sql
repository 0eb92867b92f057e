update upload
set state = :state, columns = :columns, summary = :summary
where id = :id
