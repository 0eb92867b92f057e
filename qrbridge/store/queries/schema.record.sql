insert into schema_script (number, applied) values (:number, :applied)
