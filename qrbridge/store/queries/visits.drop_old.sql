delete from provider_visit
where until <= :now
