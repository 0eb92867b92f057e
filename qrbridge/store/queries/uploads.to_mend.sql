select number, line, outcome, becomes, choice, before, after, remarks, cells
from upload_row
where upload = :upload and number > :after_number
    and (outcome = 'refused' or (outcome = 'asked' and choice in ('', 'leave')))
order by number
limit :most
