select notice.key, notice.printable, notice.starts, notice.ends, count(link.code) as links,
    cast(coalesce(sum(case when link.state = 'up' then 1 else 0 end), 0) as integer) as up
from notice
left join link on link.notice = notice.key and link.state <> 'withdrawn'
where notice.service = :service
group by notice.key, notice.printable, notice.starts, notice.ends
order by notice.starts desc, notice.key
