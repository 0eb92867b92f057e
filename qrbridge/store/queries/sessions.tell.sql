update staff_session
set told = :told
where hash = :hash
