insert into link (code, notice, location, state, made_at, reason, version)
values (:code, :notice, :location, :state, :made_at, :reason, :version)
on conflict (code) do nothing
