update person
set name = :name, role = :role, active = :active
where email = :email
