select id, kind, owner, name, state, columns, summary, made_at, ends_at
from upload
where id = :id and owner = :owner
