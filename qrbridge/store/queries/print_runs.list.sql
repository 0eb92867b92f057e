select print_run.number, print_run.notice, print_run.at, print_run.who, print_run.sheets, print_run.proof,
    design.name as printable
from print_run
join design on design.digest = print_run.design
where (cast(:notice as text) is null or print_run.notice = :notice)
order by print_run.number desc
