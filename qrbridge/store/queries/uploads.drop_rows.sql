delete from upload_row
where upload = :upload
