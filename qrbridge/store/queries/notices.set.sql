update notice
set service = :service, printable = :printable, size = :size, picture = :picture, picture_alt = :picture_alt,
    reading_distance_mm = :reading_distance_mm, starts = :starts, ends = :ends, version = :version
where key = :key
