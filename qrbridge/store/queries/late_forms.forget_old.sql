delete from late_form
where until <= :now
