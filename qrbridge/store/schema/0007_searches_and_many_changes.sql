-- A service's name without its case and by our own rule, as locations have it: notices are searched and sorted by it.
-- Filled here for a to z; our own rule fills it whenever a service is kept.
alter table service add column searched text not null default '';
update service
set searched = lower(name);

-- What an import of very many things did to each: `audit` has one line for it, and here a thousand are packed in a row.
create table audit_part (
    -- Checked when the transaction ends: the line itself is written last, with its counts.
    audit text not null references audit (id) deferrable initially deferred,
    position integer not null check (position > 0),
    noun text not null check (noun <> ''),
    -- The keys of the things, a line each, to find one without unpacking.
    keys text not null check (keys <> ''),
    -- Their verbs and what differs before and after; JSON, compressed, as text.
    content text not null check (content <> ''),
    primary key (audit, position)
);
create index audit_part_noun on audit_part (noun);

-- A table of postcodes is looked at a district at a time.
create index postcode_district on postcode (substr(postcode, 1, length(postcode) - 4));
