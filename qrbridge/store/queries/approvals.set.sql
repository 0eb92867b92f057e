insert into approval (notice, state, seal, printed, who, at, reason)
values (:notice, :state, :seal, :printed, :who, :at, :reason)
on conflict (notice) do update set state = excluded.state, seal = excluded.seal, printed = excluded.printed,
    who = excluded.who, at = excluded.at, reason = excluded.reason
