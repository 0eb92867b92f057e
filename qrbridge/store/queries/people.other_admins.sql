select count(*) as admins
from person
where role = 'admin' and active = 1 and email <> :email
