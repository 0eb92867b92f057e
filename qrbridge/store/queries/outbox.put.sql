insert into outgoing_email (id, recipient, subject, body, made_at, tries, again_at, problem)
values (:id, :recipient, :subject, :body, :made_at, 0, :again_at, '')
