insert into route_change (version, mark)
values (:version, :mark)
