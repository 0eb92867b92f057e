delete from one_time_link
where person = :email or until <= :now
