insert into ward (code, name)
values (:code, :name)
on conflict (code) do update set name = excluded.name
