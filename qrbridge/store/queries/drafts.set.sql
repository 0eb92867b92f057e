update draft
set notice = :notice, entered = :entered, changed_at = :at
where id = :id
