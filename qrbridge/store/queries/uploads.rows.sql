select number, line, outcome, becomes, choice, before, after, remarks, cells
from upload_row
where upload = :upload and outcome = :outcome
order by number
limit :most offset :offset
