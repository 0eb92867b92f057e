delete from journal
where name = :name
