select number, notice, at, who, sheets
from print_run
where (cast(:search as text) is null or notice like :search escape '!')
order by number desc
limit :most offset :offset
