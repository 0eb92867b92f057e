delete from draft
where id = :id
