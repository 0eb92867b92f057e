-- Of two workers that found the same message, the second changes nothing.
update outgoing_email
set tries = :tries, again_at = :again_at
where id = :id and tries = :tries_before
