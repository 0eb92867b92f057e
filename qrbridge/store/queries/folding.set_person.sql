update person
set folded = :folded
where email = :key
