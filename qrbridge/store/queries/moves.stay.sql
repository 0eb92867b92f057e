insert into stay (code, location, from_day, from_hour, until_day, until_hour)
select code, location, since_day, since_hour, cast(:until_day as integer), cast(:until_hour as text)
from link
where code = :code and since_day < :until_day
