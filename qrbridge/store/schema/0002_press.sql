-- A council's own photographs, each once, under the sha256 of its bytes. They are here and not in a folder, so that
-- every machine can print with them and a copy of the database is whole. Base64, which both engines keep as text.
create table picture (
    digest text primary key check (length(digest) = 64),
    content text not null check (content <> '')
);

-- Which of its printable's papers a notice is printed on, and its photograph; empty: the printable's own.
alter table notice add column size text not null default '';
alter table notice add column picture text not null default '';
-- What the photograph shows, for those who do not see it.
alter table notice add column picture_alt text not null default '';
-- From how far its sheets must read; 0: the printable's own distance.
alter table notice add column reading_distance_mm integer not null default 0 check (reading_distance_mm >= 0);

-- Every version of a printable's TOML that anything was printed with, under its sha256.
create table design (
    digest text primary key check (length(digest) = 64),
    name text not null check (name <> ''),
    content text not null
);

-- One printing of a notice, and all that it takes to print the same bytes again. edition (what its sheets have alike),
-- options, proof and warnings are JSON; fingerprint is the sha256 of what in them would be out of date if changed.
create table print_run (
    number integer primary key,
    notice text not null references notice (key),
    at text not null,
    who text not null,
    design text not null references design (digest),
    edition text not null,
    options text not null,
    fingerprint text not null,
    sheets integer not null check (sheets > 0),
    proof text not null,
    warnings text not null
);
create index print_run_notice on print_run (notice, number);

-- What each sheet of a run said that the others did not; words is JSON.
create table print_sheet (
    run integer not null references print_run (number),
    position integer not null check (position > 0),
    code text not null references link (code),
    words text not null,
    primary key (run, position),
    unique (code, run)
);
