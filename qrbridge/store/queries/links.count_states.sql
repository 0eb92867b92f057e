select state, cast(count(*) as integer) as links
from link
where notice = :notice
group by state
