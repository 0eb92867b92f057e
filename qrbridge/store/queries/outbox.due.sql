select id, recipient, subject, body, made_at, tries
from outgoing_email
where again_at <= :now
order by id
limit 100
