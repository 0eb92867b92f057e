-- Work in progress: drafts, approval, jobs of the worker, links that moved, and what people saw where sheets hang.

-- Whether a notice is printed only when someone other than its author has approved it.
alter table council add column another_approves integer not null default 0 check (another_approves in (0, 1));

-- What was entered for a notice so far, kept step by step and as it was typed; JSON text.
create table draft (
    id text primary key,
    author text not null check (author <> ''),
    -- The notice this draft became, or that it changes; empty while there is none.
    notice text not null,
    entered text not null,
    made_at text not null,
    changed_at text not null
);
create index draft_author on draft (author);

-- How far each notice is on its way to the wall. Who decided what before is in the audit.
create table approval (
    notice text primary key references notice (key),
    state text not null check (state in ('submitted', 'approved', 'rejected')),
    -- A digest of the notice as it was submitted or decided upon: what was changed since is not approved.
    seal text not null check (seal <> ''),
    who text not null check (who <> ''),
    at text not null,
    reason text not null check (state <> 'rejected' or reason <> '')
);
create index approval_state on approval (state);

-- Long work, done by the worker and watched by whoever asked for it.
create table job (
    id text primary key,
    kind text not null check (kind <> ''),
    who text not null check (who <> ''),
    -- What is to be done; JSON text.
    given text not null,
    state text not null check (state in ('waiting', 'running', 'done', 'failed')),
    made_at text not null,
    -- When the worker that is at it last gave a sign of life; empty while it waits.
    beat_at text not null,
    ended_at text not null,
    tries integer not null check (tries >= 0),
    done integer not null check (done >= 0),
    total integer not null check (total >= 0),
    message text not null,
    -- What came of it; JSON text.
    outcome text not null
);
create index job_state on job (state, made_at);
create index job_who on job (who, made_at);

-- From when a link belongs to its location; 0 and empty: since it was made.
alter table link add column since_day integer not null default 0;
alter table link add column since_hour text not null default '';

-- Where links belonged before they were moved: from a day (and the UTC hour it begins) to the day before another.
create table stay (
    code text not null references link (code),
    location text not null references location (reference),
    from_day integer not null,
    from_hour text not null,
    until_day integer not null check (until_day > from_day),
    until_hour text not null check (until_hour > from_hour),
    primary key (code, from_day)
);
create index stay_location on stay (location);

-- What somebody saw where a sheet should hang. `who` is empty where the hanging sheet was used, with no sign-in.
create table hang_check (
    id text primary key,
    code text not null references link (code),
    at text not null,
    who text not null,
    saw text not null check (saw in ('up', 'damaged', 'elsewhere')),
    note text not null
);
create index hang_check_code on hang_check (code, at);
