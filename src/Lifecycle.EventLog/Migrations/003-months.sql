-- The log by months of recorded time, made ahead like the windows of message ids, so that one that is over can move into files. What concerns all customers of a
-- shard lies apart: it is little, every start reads it, and it never moves.

alter table event rename to event_before;
alter table event_before rename constraint event_key to event_before_key;
alter index event_timeline rename to event_before_timeline;
alter index event_shard_inputs rename to event_before_shard_inputs;
alter index event_recorded rename to event_before_recorded;

create table event (
  shard       int         not null,
  position    bigint      not null,          -- the key of each partition is (shard, position)
  recorded_at timestamptz not null,
  clock       timestamptz not null,
  occurred_at timestamptz not null,
  tenant      int         not null,
  customer    uuid,                          -- null for shard inputs
  kind        smallint    not null,          -- 1 input, 2 fact, 3 shard input
  name        text        not null,
  version     smallint    not null,
  imported    boolean     not null,
  hops        smallint    not null,
  cause       uuid,                          -- facts only
  ordinal     int,                           -- facts only
  id          uuid        not null,
  open        bytea       not null,          -- JSON, UTF-8
  sealed      bytea,                         -- what is personal, under the customer's own key
  constraint event_kind check (kind between 1 and 3),
  constraint event_customer check ((customer is null) = (kind = 3)),
  constraint event_cause check ((cause is null) = (kind <> 2) and (ordinal is null) = (kind <> 2))
) partition by list (kind);
create index event_timeline on event (shard, tenant, customer, clock, position) where customer is not null;
create index event_shard_inputs on event (shard, tenant, position) where kind = 3;
create index event_recorded on event using brin (recorded_at);

create table event_of_shard partition of event (constraint event_of_shard_key primary key (shard, position)) for values in (3);
create table event_of_customer partition of event for values in (1, 2) partition by range (recorded_at);

-- What was recorded before there were months becomes one with the month that runs, under its name.
insert into event_of_shard select * from event_before where kind = 3;
delete from event_before where kind = 3;
do $$
declare
  month date := (select date_trunc('month', greatest(max(recorded_at), now()) at time zone 'UTC') from event_before);
begin
  if not exists (select from event_before) then
    drop table event_before;
  else
    execute format('alter table event_of_customer attach partition event_before for values from (minvalue) to (%L)', (month + interval '1 month') at time zone 'UTC');
    execute format('alter table event_before rename to %I', to_char(month, '"event_"YYYY"_"MM'));
  end if;
end
$$;

-- Which months lie in files; small, and not distributed.
create table archived (
  month        date        not null,         -- its first day, in UTC
  of_shard     int         not null,
  rows         bigint      not null,
  bytes        bigint      not null,         -- of the file with the rows
  rows_hash    bytea       not null,         -- SHA-256 of that file
  index_hash   bytea       not null,         -- SHA-256 of the file that says where in it who is
  constraint archived_key primary key (month, of_shard)
);
