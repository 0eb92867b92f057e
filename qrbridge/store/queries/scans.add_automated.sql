insert into automated_day (code, day, requests)
values (:code, :day, :requests)
on conflict (code, day) do update set requests = automated_day.requests + excluded.requests
