select digest, content
from council_logo
where id = 1
