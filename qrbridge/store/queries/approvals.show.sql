select notice, state, seal, who, at, reason
from approval
where notice = :notice
