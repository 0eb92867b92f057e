select page
from late_form
where person = :person and until > :now
order by until desc, page
