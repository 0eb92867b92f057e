insert into draft (id, author, notice, entered, made_at, changed_at)
values (:id, :author, :notice, :entered, :at, :at)
