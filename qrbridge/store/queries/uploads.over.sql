-- Of what was imported, the rows that were refused or left out stay until the end, for whoever puts them right.
select id, state, ends_at
from upload
where ends_at < :now
    or (
        state in ('imported', 'discarded')
        and exists (
            select 1
            from upload_row
            where upload_row.upload = upload.id
                and (upload.state = 'discarded' or (outcome <> 'refused' and choice <> 'leave'))
        )
    )
