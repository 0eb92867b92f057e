-- A row for each kind of thing whose changes take turns; whoever changes one holds its row to the end.
create table turn (
    name text primary key
);
