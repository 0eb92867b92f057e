-- One page of links. No ward comes last, as when sheets are printed.
select link.code, link.notice, link.location, link.state, location.name, location.kind, ward.name as ward_name
from link
join location on location.reference = link.location
left join ward on ward.code = location.ward
where (cast(:search as text) is null or location.searched like :search escape '!')
    and (cast(:notice as text) is null or link.notice = :notice)
    and (cast(:ward as text) is null or location.ward = :ward)
    and (cast(:state as text) is null or link.state = :state)
order by
    case cast(:ordered as text)
        when 'name' then location.searched
        when 'code' then link.code
        when 'notice' then link.notice
        when 'state' then link.state
    end,
    case cast(:ordered as text)
        when 'ward-down' then coalesce(ward.folded, '')
        when 'name-down' then location.searched
        when 'code-down' then link.code
        when 'notice-down' then link.notice
        when 'state-down' then link.state
    end desc,
    ward.folded is null, ward.folded, location.searched, link.code
limit :most offset :offset
