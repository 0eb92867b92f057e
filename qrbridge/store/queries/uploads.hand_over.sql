update upload
set owner = :heir
where owner = :leaver and state in ('reading', 'asking', 'read')
returning id
