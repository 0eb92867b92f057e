insert into late_form (person, page, entered, until)
values (:person, :page, :entered, :until)
on conflict (person, page) do update set entered = excluded.entered, until = excluded.until
