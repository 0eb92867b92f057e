update upload_row
set choice = :choice
where upload = :upload and outcome = 'asked' and choice = ''
