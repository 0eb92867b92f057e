select installation.name as installation, installation.route_version, council.version, council.languages,
    council.allowed_hosts, council.short_host, council.name, council.website, council.phone, council.hours,
    council.colour
from installation
join council on council.id = installation.id
where installation.id = 1
