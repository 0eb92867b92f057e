delete from service_page
where service = :service
