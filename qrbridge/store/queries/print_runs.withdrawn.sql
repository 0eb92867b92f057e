select cast(count(*) as integer) as sheets
from print_sheet
join link on link.code = print_sheet.code
where print_sheet.run = :number and link.state = 'withdrawn'
