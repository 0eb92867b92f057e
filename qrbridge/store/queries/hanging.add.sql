insert into hang_check (id, code, at, who, saw, note)
values (:id, :code, :at, :who, :saw, :note)
