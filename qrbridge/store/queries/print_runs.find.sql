select print_run.number, print_run.notice, print_run.at, print_run.who, print_run.sheets
from print_run
left join person on person.email = print_run.who
where (cast(:search as text) is null or print_run.notice like :search escape '!')
order by
    case cast(:ordered as text)
        when 'notice' then print_run.notice
        when 'at' then print_run.at
        when 'who' then coalesce(person.folded, print_run.who)
    end,
    case cast(:ordered as text)
        when 'notice-down' then print_run.notice
        when 'at-down' then print_run.at
        when 'who-down' then coalesce(person.folded, print_run.who)
    end desc,
    case cast(:ordered as text)
        when 'number' then print_run.number
        when 'sheets' then print_run.sheets
    end,
    case cast(:ordered as text)
        when 'sheets-down' then print_run.sheets
    end desc,
    print_run.number desc
limit :most offset :offset
