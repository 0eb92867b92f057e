update installation
set route_version = route_version + 1
where id = 1
returning route_version
