insert into service_page (service, language, destination)
values (:service, :language, :destination)
