select print_sheet.position, print_sheet.code, print_sheet.words, link.location, location.address, location.postcode,
    location.kind
from print_sheet
join link on link.code = print_sheet.code
join location on location.reference = link.location
where print_sheet.run = :number and print_sheet.position > :after_position
order by print_sheet.position
limit :most
