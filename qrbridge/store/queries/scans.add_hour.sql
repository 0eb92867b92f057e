insert into scan_hour (code, hour, simulated, scans)
values (:code, :hour, :simulated, :scans)
on conflict (code, hour, simulated) do update set scans = scan_hour.scans + excluded.scans
