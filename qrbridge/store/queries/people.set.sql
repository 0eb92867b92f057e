update person
set name = :name, folded = :folded, role = :role, active = :active
where email = :email
