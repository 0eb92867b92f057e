select who, at
from draft_editor
where draft = :draft
order by at, who
