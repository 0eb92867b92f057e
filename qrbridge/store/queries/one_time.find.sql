select one_time_link.purpose, person.email, person.name
from one_time_link
join person on person.email = one_time_link.person
where one_time_link.hash = :hash and one_time_link.until > :now and person.active = 1
