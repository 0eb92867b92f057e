-- A stretch of no days: up and down on one day.
delete from hanging
where code = :code and up_day = :day and down_day = :day
