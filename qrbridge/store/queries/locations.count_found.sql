select count(*) as found
from location
where (cast(:search as text) is null or location.searched like :search escape '!')
    and (cast(:ward as text) is null or location.ward = :ward)
    and (cast(:kind as text) is null or location.kind = :kind)
