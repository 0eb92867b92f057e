-- `counts` is as in `scans.add_hour`.
insert into automated_day (code, day, requests)
select key, :day, cast(cast(value as text) as integer) from json_each(:counts) where true
on conflict (code, day) do update set requests = automated_day.requests + excluded.requests
