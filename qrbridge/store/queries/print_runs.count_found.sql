select count(*) as found
from print_run
where (cast(:search as text) is null or notice like :search escape '!')
