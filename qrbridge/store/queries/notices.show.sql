select key, service, printable, size, picture, reading_distance_mm, starts, ends
from notice
where key = :key
