delete from upload
where id = :id
