select count(*) as rows
from upload_row
where upload = :upload and outcome = 'asked' and choice = 'leave'
