select mark
from route_change
where version = :version
