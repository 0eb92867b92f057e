select id, kind, owner, name, state, columns, summary, made_at, ends_at
from upload
where owner = :owner and state = 'imported'
order by made_at desc, id
