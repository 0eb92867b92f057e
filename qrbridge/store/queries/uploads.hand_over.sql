update upload
set owner = :heir
where lower(owner) = lower(:leaver) and state in ('reading', 'asking', 'read')
returning id
