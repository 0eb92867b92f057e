select id, author, notice, entered, made_at, changed_at
from draft
where id = :id
