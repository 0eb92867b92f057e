select count(*) as found
from notice
join service on service.key = notice.service
where (cast(:search as text) is null or notice.key || ' ' || service.searched like :search escape '!')
    and (cast(:service as text) is null or notice.service = :service)
