update upload_row
set choice = :choice
where upload = :upload and number = :number and outcome = 'asked' and remarks = :remarks
