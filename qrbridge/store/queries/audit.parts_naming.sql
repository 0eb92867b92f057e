-- The changes to very many things of which this was one.
select audit.id, audit.at, audit.who, audit_part.content
from audit_part
join audit on audit.id = audit_part.audit
where audit_part.noun = :noun and audit_part.keys like :named escape '!'
