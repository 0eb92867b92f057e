select id
from upload
