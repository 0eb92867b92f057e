select count(*) as open
from upload_row
where upload = :upload and outcome = 'asked' and choice = ''
