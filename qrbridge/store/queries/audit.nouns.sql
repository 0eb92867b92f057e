select distinct noun
from audit
order by noun
