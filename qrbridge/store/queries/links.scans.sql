select cast(coalesce(sum(scans), 0) as integer) as scans,
    cast(coalesce(sum(scans) filter (where hour >= :first_hour), 0) as integer) as lately,
    cast(coalesce(sum(scans) filter (where simulated = 1), 0) as integer) as simulated
from scan_hour
where code = :code
