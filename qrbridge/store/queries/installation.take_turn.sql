-- Whoever looks before changing takes the row of what they change first; it is theirs until the transaction ends.
insert into turn (name)
values (:name)
on conflict (name) do update set name = excluded.name
