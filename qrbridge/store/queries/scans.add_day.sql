-- `counts` is as in `scans.add_hour`.
insert into scan_day (code, day, via, device, language, simulated, scans)
select key, :day, :via, :device, :language, :simulated, cast(cast(value as text) as integer)
from json_each(:counts) where true
on conflict (code, day, via, device, language, simulated) do update set scans = scan_day.scans + excluded.scans
