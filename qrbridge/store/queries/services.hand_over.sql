update service
set owner = :heir
where lower(owner) = lower(:leaver)
returning key
