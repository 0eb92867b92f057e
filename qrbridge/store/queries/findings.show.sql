select content, found_at
from finding
where name = :name
