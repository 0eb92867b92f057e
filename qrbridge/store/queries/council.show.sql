select name, short_host, website, phone, hours, colour, languages, allowed_hosts, another_approves
from council
where id = 1
