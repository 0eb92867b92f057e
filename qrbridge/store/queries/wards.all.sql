select code, name
from ward
