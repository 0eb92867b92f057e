-- The moves of its sheets' links since a run was printed, the first ones first; a withdrawn one hangs nowhere.
select link.code, link.location, audit.before
from print_sheet
join link on link.code = print_sheet.code
join audit on audit.noun = 'link' and audit.key = link.code and audit.verb = 'move'
where print_sheet.run = :number and link.state <> 'withdrawn' and audit.at >= :printed_at
order by audit.id
