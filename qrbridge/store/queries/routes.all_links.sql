select code, notice, state, version
from link
where code > :code
order by code
limit :limit
