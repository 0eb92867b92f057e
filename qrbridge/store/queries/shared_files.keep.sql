insert into shared_file (owner, name, part, content)
values (:owner, :name, :part, :content)
on conflict (owner, name, part) do update set content = excluded.content
