delete from outgoing_email
where id = :id
