select reference
from location
where folded = :folded
