select
    (select count(*) from service) as services,
    (select count(*) from location) as locations,
    (select count(*) from postcode) as postcodes,
    (select count(*) from notice) as notices,
    (select count(*) from link where state = 'up') as up
