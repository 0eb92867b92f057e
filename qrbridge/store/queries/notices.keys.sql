select key
from notice
order by key
