-- One page of locations, with how many there are on all pages. No ward comes first, whatever an engine makes of null.
select location.reference, location.name, location.address, location.postcode, location.kind, location.setting,
    location.ward, ward.name as ward_name, location.latitude, location.longitude, count(*) over () as found
from location
left join ward on ward.code = location.ward
where (cast(:search as text) is null or location.searched like :search escape '!')
    and (cast(:ward as text) is null or location.ward = :ward)
    and (cast(:kind as text) is null or location.kind = :kind)
order by
    case cast(:ordered as text)
        when 'reference' then location.folded
        when 'ward' then coalesce(ward.folded, '')
        when 'kind' then location.kind
        when 'postcode' then location.postcode
    end,
    case cast(:ordered as text)
        when 'name-down' then location.searched
        when 'reference-down' then location.folded
        when 'ward-down' then coalesce(ward.folded, '')
        when 'kind-down' then location.kind
        when 'postcode-down' then location.postcode
    end desc,
    location.searched, location.reference
limit :most offset :offset
