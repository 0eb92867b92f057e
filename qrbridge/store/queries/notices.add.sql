insert into notice (key, service, printable, starts, ends, version)
values (:key, :service, :printable, :starts, :ends, :version)
