insert into finding (name, content, found_at)
values (:name, :content, :found_at)
on conflict (name) do update set content = excluded.content, found_at = excluded.found_at
