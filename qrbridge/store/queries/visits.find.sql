select nonce, verifier, next_page
from provider_visit
where state_hash = :state_hash and browser_hash = :browser_hash and until > :now
