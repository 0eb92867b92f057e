update link
set state = :state, reason = :reason, version = :version
where code = :code
