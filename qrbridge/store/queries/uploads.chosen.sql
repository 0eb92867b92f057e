select upload, number, choice, remarks
from upload_row
where upload = :upload and outcome = 'asked' and choice <> ''
