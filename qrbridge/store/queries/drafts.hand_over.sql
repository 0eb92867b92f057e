update draft
set author = :heir
where lower(author) = lower(:leaver)
returning id
