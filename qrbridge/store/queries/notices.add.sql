insert into notice (key, service, printable, size, picture, picture_alt, reading_distance_mm, starts, ends, version)
values (:key, :service, :printable, :size, :picture, :picture_alt, :reading_distance_mm, :starts, :ends, :version)
