insert into ward (code, name, folded)
values (:code, :name, :folded)
on conflict (code) do update set name = excluded.name, folded = excluded.folded
