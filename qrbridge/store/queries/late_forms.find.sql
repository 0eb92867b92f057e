select entered
from late_form
where person = :person and page = :page and until > :now
