select notice.key as notice, link.state, cast(count(*) as integer) as links
from notice
join link on link.notice = notice.key
where notice.service = :key and link.state <> 'withdrawn'
group by notice.key, link.state
order by notice.key, link.state
