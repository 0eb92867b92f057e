delete from late_form
where person = :person and page = :page
