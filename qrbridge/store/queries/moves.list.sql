select stay.location, location.name, stay.from_day, stay.until_day
from stay
join location on location.reference = stay.location
where stay.code = :code
order by stay.from_day
