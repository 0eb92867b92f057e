-- Staff: who may sign in, and what they have signed in with. Moments are ISO text in UTC; nothing kept of a network
-- address but a keyed hash, for an hour, of those from which signing in failed.

create table person (
    -- In small letters; what they sign in with and what the audit names them by.
    email text primary key check (email <> ''),
    name text not null check (name <> ''),
    role text not null check (role in ('viewer', 'editor', 'admin')),
    active integer not null check (active in (0, 1)),
    -- An argon2 hash; empty until they have chosen a password, and for those who only ever use the council's sign-in.
    password text not null,
    -- The secret of their authenticator; empty while they use none.
    totp_secret text not null,
    -- The last half minute whose code was used: no code is taken twice.
    totp_step bigint not null,
    made_at text not null,
    -- Empty until they have signed in.
    signed_in_at text not null
);

create table recovery_code (
    person text not null references person (email),
    hash text not null,
    primary key (person, hash)
);

-- Whoever holds the token of this hash may once choose this person's password, until then.
create table one_time_link (
    hash text primary key,
    person text not null references person (email),
    purpose text not null check (purpose in ('invite', 'reset')),
    until text not null
);
create index one_time_link_person on one_time_link (person);

create table staff_session (
    -- Of the token in the cookie, which is kept nowhere.
    hash text primary key,
    person text not null references person (email),
    -- 'second' while the second factor is still to come.
    stage text not null check (stage in ('second', 'whole')),
    began_at text not null,
    seen_at text not null,
    -- A sentence for the next page: what was just done.
    told text not null
);
create index staff_session_person on staff_session (person);

-- A keyed hash of what failed to sign in (an account or a network address); rows go after an hour.
create table sign_in_failure (
    id text primary key,
    hash text not null,
    at text not null
);
create index sign_in_failure_hash on sign_in_failure (hash, at);
create index sign_in_failure_at on sign_in_failure (at);

-- A sign-in begun at the council's own identity provider and not yet come back; rows go after ten minutes.
create table provider_visit (
    state_hash text primary key,
    -- The browser that began it, so that nobody can be signed in by another's visit.
    browser_hash text not null,
    nonce text not null,
    verifier text not null,
    next_page text not null,
    until text not null
);

create table outgoing_email (
    id text primary key,
    recipient text not null,
    subject text not null,
    body text not null,
    made_at text not null,
    tries integer not null,
    again_at text not null,
    -- Why it could not be sent the last time.
    problem text not null
);

-- Base64, which both engines keep as text; in the store so that every machine shows it.
create table council_logo (
    id integer primary key check (id = 1),
    digest text not null check (length(digest) = 64),
    content text not null check (content <> '')
);

create index audit_at on audit (at, id);
create index audit_who on audit (who, id);
