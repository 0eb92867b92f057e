insert into design (digest, name, content)
values (:digest, :name, :content)
on conflict (digest) do nothing
