insert into journal (name, added_to)
values (:name, :added_to)
on conflict (name) do nothing
