update draft
set author = :heir
where author = :leaver
returning id
