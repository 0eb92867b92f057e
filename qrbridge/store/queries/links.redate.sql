update hanging
set up_day = :day
where code = :code and down_day is null
