delete from provider_visit
where state_hash = :state_hash
