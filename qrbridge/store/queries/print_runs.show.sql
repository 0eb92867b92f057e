select print_run.number, print_run.notice, print_run.at, print_run.who, print_run.edition, print_run.options,
    print_run.sheets, print_run.proof, print_run.warnings, design.digest, design.name as printable, design.content as toml
from print_run
join design on design.digest = print_run.design
where print_run.number = :number
