select content
from shared_file
where owner = :owner and name = :name and part = :part
