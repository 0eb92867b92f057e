update service
set owner = :heir
where owner = :leaver
returning key
