select noun, position, content
from audit_part
where audit = :id and position > :after_position and keys like :named escape '!'
order by position
limit :most
