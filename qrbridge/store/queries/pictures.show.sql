select content
from picture
where digest = :digest
