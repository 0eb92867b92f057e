-- What was neither refused nor left out.
delete from upload_row
where upload = :upload and outcome <> 'refused' and choice <> 'leave'
