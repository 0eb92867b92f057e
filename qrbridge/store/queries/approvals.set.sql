insert into approval (notice, state, seal, who, at, reason)
values (:notice, :state, :seal, :who, :at, :reason)
on conflict (notice) do update set state = excluded.state, seal = excluded.seal, who = excluded.who,
    at = excluded.at, reason = excluded.reason
