select id, ends_at
from upload
where ends_at < :now
    or (
        state in ('imported', 'discarded')
        and exists (select 1 from upload_row where upload_row.upload = upload.id)
    )
