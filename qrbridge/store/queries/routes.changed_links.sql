-- Comparing pairs means the same on both engines and lets both walk an index on version.
select code, notice, state, version
from link
where (version, code) > (:version, :code)
order by version, code
limit :limit
