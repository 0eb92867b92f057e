delete from staff_session
where began_at <= :began_after or seen_at <= :seen_after
