select count(*) as found
from link
join location on location.reference = link.location
where (cast(:search as text) is null or location.searched like :search escape '!')
    and (cast(:notice as text) is null or link.notice = :notice)
    and (cast(:ward as text) is null or location.ward = :ward)
    and (cast(:state as text) is null or link.state = :state)
