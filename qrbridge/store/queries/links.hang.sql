insert into hanging (code, up_day, down_day)
values (:code, :day, null)
on conflict (code, up_day) do update set down_day = null
