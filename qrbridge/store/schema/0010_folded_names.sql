-- A person's name without its case and by our own rule, as services and locations have theirs: lists are sorted by it.
-- Filled by our own rule as soon as this has run; so are those that were filled for a to z alone.
alter table person add column folded text not null default '';
