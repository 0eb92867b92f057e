-- Newest first. From one row more than a page holds it is known that there is another page. What is asked for by its key
-- may also be one of the many things that one change was made to.
select audit.id, audit.at, audit.who, audit.noun, audit.key, audit.verb, audit.before, audit.after,
    (
        select count(*)
        from audit_part
        where audit_part.audit = audit.id
    ) as parts
from audit
where (cast(:who as text) = '' or audit.who = :who)
    and (
        (
            (cast(:noun as text) = '' or audit.noun = :noun)
            and (cast(:key as text) = '' or audit.key = :key)
        )
        or audit.id in (
            select audit_part.audit
            from audit_part
            where cast(:key as text) <> ''
                and (cast(:noun as text) = '' or audit_part.noun = :noun)
                and audit_part.keys like :named escape '!'
        )
    )
    and audit.at >= :from_at
    and audit.at < :until_at
    and audit.id < :before_id
order by audit.id desc
limit :most
