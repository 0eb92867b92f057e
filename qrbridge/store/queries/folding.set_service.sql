update service
set searched = :folded
where key = :key
