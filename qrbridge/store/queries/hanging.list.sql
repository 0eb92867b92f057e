select at, who, saw, note
from hang_check
where code = :code
order by at desc, id desc
