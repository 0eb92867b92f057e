insert into council (id, name, short_host, website, phone, hours, colour, languages, allowed_hosts, another_approves,
    version)
values (1, :name, :short_host, :website, :phone, :hours, :colour, :languages, :allowed_hosts, :another_approves,
    :version)
on conflict (id) do update set
    name = excluded.name,
    short_host = excluded.short_host,
    website = excluded.website,
    phone = excluded.phone,
    hours = excluded.hours,
    colour = excluded.colour,
    languages = excluded.languages,
    allowed_hosts = excluded.allowed_hosts,
    another_approves = excluded.another_approves,
    version = excluded.version
