select added_to
from journal
where name = :name
