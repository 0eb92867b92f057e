update journal
set added_to = :added_to, touched = :touched
where name = :name and added_to = :former_added_to
