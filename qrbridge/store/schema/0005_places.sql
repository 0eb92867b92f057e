-- What a search of the locations looks through, without its case and by our own rule: the name first, so that it is
-- also their order by name. Filled here for a to z; our own rule fills it whenever a location is kept.
alter table location add column searched text not null default '';
update location
set searched = lower(name || ' ' || reference || ' ' || address || ' ' || postcode);

-- A file of locations or wards that a person is looking at before it is imported. The file itself is in uploads/ of the
-- instance folder, under the same id.
create table upload (
    id text primary key check (length(id) >= 20),
    kind text not null check (kind in ('locations', 'wards')),
    owner text not null check (owner <> ''),
    name text not null check (name <> ''),
    state text not null check (state in ('reading', 'asking', 'read', 'imported', 'discarded')),
    -- Which column a field is in, where a person said so.
    columns text not null,
    -- What the file was read as, its columns, notes, questions and counts; after the import, what that did.
    summary text not null,
    made_at text not null,
    ends_at text not null
);
create index upload_owner on upload (owner, state);

-- What each row of it would do: exactly this is imported, or nothing.
create table upload_row (
    upload text not null references upload (id),
    number integer not null,
    line integer not null,
    outcome text not null check (outcome in ('accepted', 'repaired', 'asked', 'refused')),
    becomes text not null check (becomes in ('new', 'changed', 'same', 'refused')),
    choice text not null check (choice in ('', 'keep', 'mend', 'leave')),
    before text not null,
    after text not null,
    remarks text not null,
    -- The cells as they stand in the file, of refused rows only.
    cells text not null,
    primary key (upload, number)
);
create index upload_row_outcome on upload_row (upload, outcome, number, choice);

-- What takes too long to work out while somebody waits for a page: found by a chore, and shown with its moment.
create table finding (
    name text primary key check (name <> ''),
    content text not null,
    found_at text not null
);

create index link_state on link (state, made_at);

-- Counts of links by notice and by location are read from these alone.
create index link_notice on link (notice, state);
create index link_place on link (location, state);
drop index link_location;
