select key, service, printable, size, picture, picture_alt, reading_distance_mm, starts, ends
from notice
where key = :key
