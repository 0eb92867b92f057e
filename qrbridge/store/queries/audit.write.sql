insert into audit (id, at, who, noun, key, verb, before, after)
values (:id, :at, :who, :noun, :key, :verb, :before, :after)
