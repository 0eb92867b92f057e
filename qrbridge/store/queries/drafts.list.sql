select id, author, notice, entered, made_at, changed_at
from draft
where cast(:author as text) is null or author = :author
order by changed_at desc, id
