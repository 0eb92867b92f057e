select number, line, outcome, becomes, choice, before, after, remarks, cells
from upload_row
where upload = :upload and number > :after_number and outcome <> 'refused' and choice <> 'leave'
    and (becomes <> 'same' or choice = 'mend')
order by number
limit :most
