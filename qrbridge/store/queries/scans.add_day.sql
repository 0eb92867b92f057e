insert into scan_day (code, day, via, device, language, simulated, scans)
values (:code, :day, :via, :device, :language, :simulated, :scans)
on conflict (code, day, via, device, language, simulated) do update set scans = scan_day.scans + excluded.scans
