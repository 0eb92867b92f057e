select notice, state, seal, printed, who, at, reason
from approval
where notice = :notice
