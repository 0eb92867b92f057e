update outgoing_email
set problem = :problem
where id = :id
