select number, line, outcome, becomes, choice, before, after, remarks, cells
from upload_row
where upload = :upload and outcome = 'refused' and number > :after_number
order by number
limit :most
