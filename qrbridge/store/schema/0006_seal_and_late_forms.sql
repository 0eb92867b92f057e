-- What an approval holds to, who wrote in a draft, and forms that were sent after their session had ended.

-- What is printed beside the notice's own words, as it was when the notice was approved; JSON text. Empty where nothing
-- was approved, and for approvals of before, which say nothing of it.
alter table approval add column printed text not null default '';

-- Everyone who changed what a draft says, until it is in its notice and in the audit.
create table draft_editor (
    draft text not null references draft (id),
    who text not null check (who <> ''),
    at text not null,
    primary key (draft, who)
);

-- What somebody sent after their session had ended, shown to that same person when they are signed in again.
create table late_form (
    person text not null references person (email),
    -- The address of the page it is a form of.
    page text not null,
    -- Names and values in their order; JSON text. Never a password, a token or a file.
    entered text not null,
    until text not null,
    primary key (person, page)
);
create index late_form_until on late_form (until);
