-- Links made a while ago that nobody has said are up, of notices that have not ended.
select link.notice, count(*) as links
from link
join notice on notice.key = link.notice
where link.state = 'made' and link.made_at < :made_before and (notice.ends = '' or notice.ends >= :as_of)
group by link.notice
order by link.notice
