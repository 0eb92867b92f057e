update staff_session
set seen_at = :now
where hash = :hash
