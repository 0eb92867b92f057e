insert into audit_part (audit, position, noun, keys, content)
values (:id, :position, :noun, :keys, :content)
