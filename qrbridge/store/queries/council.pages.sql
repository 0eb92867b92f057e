select service, language, destination
from service_page
order by service, language
