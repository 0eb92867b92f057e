update link
set location = :location, since_day = :since_day, since_hour = :since_hour
where code = :code
