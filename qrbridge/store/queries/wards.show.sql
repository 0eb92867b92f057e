select code, name
from ward
where code = :code
