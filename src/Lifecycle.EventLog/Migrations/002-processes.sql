-- Who is at work on this database, as each process says itself every few seconds. Small and not distributed; never in a hot transaction.
create table process (
  process uuid        not null,              -- the owner of its leases
  roles   text[]      not null,
  seen_at timestamptz not null,              -- by the database's clock
  constraint process_key primary key (process)
) with (fillfactor = 50);
