select approval.notice, notice.service, approval.who, approval.at
from approval
join notice on notice.key = approval.notice
where approval.state = 'submitted'
order by approval.at, approval.notice
