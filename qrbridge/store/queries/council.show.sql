select name, short_host, website, phone, hours, colour, languages, allowed_hosts
from council
where id = 1
