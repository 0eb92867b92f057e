update service
set name = :name, phone = :phone, hours = :hours, place = :place, summary = :summary, service_level = :service_level,
    owner = :owner, review_day = :review_day, lgsl = :lgsl, searched = :searched, version = :version
where key = :key
