insert into journal (name, added_to, touched)
values (:name, :added_to, :touched)
on conflict (name) do nothing
