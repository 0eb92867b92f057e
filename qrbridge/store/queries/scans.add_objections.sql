insert into objection_day (day, requests)
values (:day, :requests)
on conflict (day) do update set requests = objection_day.requests + excluded.requests
