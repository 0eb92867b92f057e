select count(*) as links
from link
