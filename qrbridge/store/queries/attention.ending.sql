-- Notices that end soon, or have ended, while sheets of theirs hang.
select notice.key, notice.ends, count(*) as up
from notice
join link on link.notice = notice.key and link.state = 'up'
where notice.ends <> '' and notice.ends <= :soon
group by notice.key, notice.ends
order by notice.ends, notice.key
