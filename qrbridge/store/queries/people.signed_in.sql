update person
set signed_in_at = :at
where email = :email
