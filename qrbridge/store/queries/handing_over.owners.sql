-- Whoever owns anything that can be handed over, as written.
select owner
from service
union
select author
from draft
union
select owner
from upload
