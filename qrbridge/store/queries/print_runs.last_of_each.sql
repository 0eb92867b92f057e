-- Of each sheet that hangs or is about to: what it says now, and what it said when it was last printed.
select link.code, link.notice, link.location, link.state, location.name, location.address, location.postcode,
    location.kind, ward.name as ward, print_sheet.words, print_run.options, print_run.fingerprint
from link
join (
    select sheet.code, max(sheet.run) as run
    from print_sheet as sheet
    join link as printed on printed.code = sheet.code
    where (cast(:notice as text) is null or printed.notice = :notice)
    group by sheet.code
) as latest on latest.code = link.code
join print_sheet on print_sheet.code = latest.code and print_sheet.run = latest.run
join print_run on print_run.number = latest.run
join location on location.reference = link.location
left join ward on ward.code = location.ward
where link.state in ('made', 'up')
