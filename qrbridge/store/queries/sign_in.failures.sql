select count(*) as failures
from sign_in_failure
where hash = :hash and at > :after
