select cast(coalesce(sum(scans), 0) as integer) as scans,
    cast(coalesce(sum(scans) filter (where hour >= :first_hour), 0) as integer) as lately,
    max(hour) as last_hour
from scan_hour
where code = :code
