insert into council_logo (id, digest, content)
values (1, :digest, :content)
on conflict (id) do update set
    digest = excluded.digest,
    content = excluded.content
