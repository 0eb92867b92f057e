select hang_check.code, hang_check.at, hang_check.who, hang_check.saw, hang_check.note
from hang_check
join link on link.code = hang_check.code
where link.location = :location and hang_check.at >= link.since_hour
order by hang_check.at desc, hang_check.id desc
limit :most
