select count(*) as codes
from recovery_code
where person = :email
