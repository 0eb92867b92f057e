select key, service, printable, starts, ends
from notice
where key = :key
