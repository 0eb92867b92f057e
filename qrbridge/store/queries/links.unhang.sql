update hanging
set down_day = :day
where code = :code and down_day is null
