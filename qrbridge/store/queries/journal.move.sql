update journal
set added_to = :added_to
where name = :name and added_to = :former_added_to
