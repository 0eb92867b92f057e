select link.code, link.notice, link.location, link.state, location.name, location.address, location.postcode,
    location.kind, ward.name as ward
from link
join location on location.reference = link.location
left join ward on ward.code = location.ward
where (cast(:notice as text) is null or link.notice = :notice)
    and (cast(:ward as text) is null or ward.code = :ward or ward.folded = :ward_folded)
    and (cast(:state as text) is null or link.state = :state)
