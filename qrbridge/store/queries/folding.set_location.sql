update location
set searched = :folded
where reference = :key
