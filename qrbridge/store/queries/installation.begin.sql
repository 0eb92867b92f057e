insert into installation (id, name, route_version)
values (1, :name, 0)
on conflict (id) do nothing
