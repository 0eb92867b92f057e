insert into picture (digest, content)
values (:digest, :content)
on conflict (digest) do nothing
