-- Files that every machine of an installation must be able to hand over, in pieces.
create table shared_file (
    -- The job or upload it is of.
    owner text not null check (owner <> ''),
    name text not null check (name <> ''),
    part integer not null check (part >= 0),
    -- Bytes; SQLite keeps them as such, whatever the type is called.
    content bytea not null,
    primary key (owner, name, part)
);
