-- `counts` is a JSON object of codes and numbers; of what `json_each` gives, both engines call the parts key and value.
insert into scan_hour (code, hour, simulated, scans)
select key, :hour, :simulated, cast(cast(value as text) as integer) from json_each(:counts) where true
on conflict (code, hour, simulated) do update set scans = scan_hour.scans + excluded.scans
