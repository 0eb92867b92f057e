insert into sign_in_failure (id, hash, at)
values (:id, :hash, :at)
