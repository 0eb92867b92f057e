select count(*) as messages, coalesce(max(problem), '') as problem
from outgoing_email
