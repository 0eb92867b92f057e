select language, destination
from service_page
where service = :key
order by language
