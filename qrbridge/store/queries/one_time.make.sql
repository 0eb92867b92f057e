insert into one_time_link (hash, person, purpose, until)
values (:hash, :email, :purpose, :until)
