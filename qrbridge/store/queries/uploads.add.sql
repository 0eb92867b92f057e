insert into upload (id, kind, owner, name, state, columns, summary, made_at, ends_at)
values (:id, :kind, :owner, :name, :state, :columns, :summary, :made_at, :ends_at)
