insert into provider_visit (state_hash, browser_hash, nonce, verifier, next_page, until)
values (:state_hash, :browser_hash, :nonce, :verifier, :next_page, :until)
