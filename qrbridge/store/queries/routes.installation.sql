select installation.name as installation, installation.route_version, route_change.mark, council.version,
    council.languages, council.allowed_hosts, council.short_host, council.name, council.website, council.phone,
    council.hours, council.colour
from installation
join council on council.id = installation.id
join route_change on route_change.version = installation.route_version
where installation.id = 1
