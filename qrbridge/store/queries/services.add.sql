insert into service (key, name, phone, hours, place, summary, service_level, owner, review_day, lgsl, searched,
    version)
values (:key, :name, :phone, :hours, :place, :summary, :service_level, :owner, :review_day, :lgsl, :searched,
    :version)
