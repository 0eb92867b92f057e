-- Days that are subtracted are integers (days since 1 January 1970); other days and moments are ISO text.
-- Yes and no are 1 and 0. Lists are JSON text.

create table installation (
    id integer primary key check (id = 1),
    -- Which database this is: a route map made from another one is made again.
    name text not null,
    -- Rises by one in every transaction that changes where a code leads.
    route_version integer not null
);

-- What each of those versions is known by: some chance, so that after an older copy of this database was put back the
-- changes made since are never taken for the lost ones of the same numbers.
create table route_change (
    version integer primary key,
    mark text not null check (mark <> '')
);

create table council (
    id integer primary key check (id = 1),
    name text not null check (name <> ''),
    short_host text not null check (short_host <> ''),
    website text not null,
    phone text not null check (phone <> ''),
    hours text not null,
    colour text not null,
    languages text not null,
    allowed_hosts text not null,
    version integer not null
);

create table ward (
    code text primary key,
    name text not null check (name <> ''),
    -- The name without its case, by our own rule: the engines' differ beyond a to z.
    folded text not null
);

create table postcode (
    postcode text primary key,
    ward text not null references ward (code),
    latitude double precision,
    longitude double precision
);
create index postcode_ward on postcode (ward);

create table service (
    key text primary key check (key <> ''),
    name text not null check (name <> ''),
    phone text not null check (phone <> ''),
    hours text not null,
    place text not null,
    summary text not null,
    service_level text not null,
    owner text not null check (owner <> ''),
    review_day text not null,
    lgsl integer,
    version integer not null
);

create table service_page (
    service text not null references service (key),
    language text not null check (language <> ''),
    destination text not null check (destination like 'https://%'),
    primary key (service, language)
);

create table location (
    reference text primary key check (reference <> ''),
    -- The reference without its case, by our own rule: the engines' differ beyond a to z.
    folded text not null unique,
    name text not null check (name <> ''),
    address text not null,
    postcode text not null,
    ward text references ward (code),
    latitude double precision check (latitude between -90 and 90),
    longitude double precision check (longitude between -180 and 180),
    kind text not null,
    setting text not null check (setting in ('', 'indoors', 'open'))
);
create index location_ward on location (ward);
create index location_postcode on location (postcode);

create table notice (
    key text primary key check (key <> ''),
    service text not null references service (key),
    printable text not null check (printable <> ''),
    starts text not null,
    ends text not null check (ends = '' or ends >= starts),
    version integer not null
);
create index notice_service on notice (service);

create table notice_words (
    notice text not null references notice (key),
    language text not null,
    block text not null,
    words text not null,
    primary key (notice, language, block)
);

create table link (
    code text primary key check (length(code) in (6, 12)),
    notice text not null references notice (key),
    location text not null references location (reference),
    state text not null check (state in ('made', 'up', 'down', 'withdrawn')),
    made_at text not null,
    reason text not null,
    version integer not null
);
-- One living link for a notice at a location; a withdrawn one may have a successor.
create unique index link_living on link (notice, location) where state <> 'withdrawn';
create index link_location on link (location);
create index link_version on link (version, code);

-- Each stretch of days a link was on a wall; down_day is the first day it no longer was.
create table hanging (
    code text not null references link (code),
    up_day integer not null,
    down_day integer check (down_day >= up_day),
    primary key (code, up_day)
);

-- The scan tables refer to no link: a scan is added up even where an older copy of this database was restored.
create table scan_hour (
    code text not null,
    hour text not null,
    simulated integer not null check (simulated in (0, 1)),
    scans integer not null check (scans > 0),
    primary key (code, hour, simulated)
);
create index scan_hour_hour on scan_hour (hour);

create table scan_day (
    code text not null,
    day integer not null,
    via text not null check (via in ('scan', 'typed')),
    device text not null,
    language text not null,
    simulated integer not null check (simulated in (0, 1)),
    scans integer not null check (scans > 0),
    primary key (code, day, via, device, language, simulated)
);

create table automated_day (
    code text not null,
    day integer not null,
    requests integer not null check (requests > 0),
    primary key (code, day)
);

-- Openings that objected to being counted (Sec-GPC, DNT): one total a day for the whole council.
create table objection_day (
    day integer primary key,
    requests integer not null check (requests > 0)
);

-- How far each journal has been added up; changed in the same transaction as the totals. A row outlives its journal,
-- so that a copy of the file, in a copied instance folder, adds nothing. It says nothing of when.
create table journal (
    name text primary key,
    added_to bigint not null
);

create table audit (
    -- The moment to the microsecond and some chance: text that sorts by time and needs no counter.
    id text primary key,
    at text not null,
    who text not null,
    noun text not null,
    key text not null,
    verb text not null,
    before text not null,
    after text not null
);
create index audit_noun_key on audit (noun, key);
