select link.code, link.location, location.name, location.address, location.postcode, location.kind, ward.name as ward
from link
join location on location.reference = link.location
left join ward on ward.code = location.ward
where link.notice = :notice and link.state <> 'withdrawn' and link.code > :after
order by link.code
limit :most
