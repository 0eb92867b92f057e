-- Whoever looks before changing takes this row first, and so takes turns; where there is none there is nobody else yet.
update installation
set name = name
where id = 1
