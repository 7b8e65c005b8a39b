-- The log and everything that hangs on a shard. Every hot table begins its key with the shard, so that the same schema
-- can be distributed by it; the small tables at the end are read often, written seldom, and never in a hot transaction.

-- In which form rows are written. A program that writes another form refuses the database; see Migrations.cs.
create table log_format (
  one    boolean not null default true,
  format int     not null,
  constraint log_format_key primary key (one),
  constraint log_format_one check (one)
);
insert into log_format (format) values (3);

create table shard_head (
  shard       int         not null,
  position    bigint      not null default 0,
  recorded_at timestamptz not null,
  constraint shard_head_key primary key (shard)
) with (fillfactor = 50);

create table shard_lease (
  shard      int         not null,
  epoch      bigint      not null default 0,
  owner      uuid,
  expires_at timestamptz not null,
  consumed   bigint      not null default 0, -- inputs up to here are in the states
  swept      bigint      not null default 0, -- every customer has lived through the shard inputs up to here
  fired_to   timestamptz not null,           -- due instants by the wall up to here have been lived through
  constraint shard_lease_key primary key (shard)
) with (fillfactor = 50);

create table event (
  shard       int         not null,
  position    bigint      not null,
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
  constraint event_key primary key (shard, position),
  constraint event_kind check (kind between 1 and 3),
  constraint event_customer check ((customer is null) = (kind = 3)),
  constraint event_cause check ((cause is null) = (kind <> 2) and (ordinal is null) = (kind <> 2))
);
create index event_timeline on event (shard, tenant, customer, clock, position) where customer is not null;
create index event_shard_inputs on event (shard, tenant, position) where kind = 3;
create index event_recorded on event using brin (recorded_at);

-- One partition per window of time, dropped when two windows old; window 0 holds the ids of imported rows, kept as long as the log.
create table message_id (
  shard       int    not null,
  time_window int    not null,
  tenant      int    not null,
  customer    uuid   not null,
  id          uuid   not null,
  content     uuid   not null,
  position    bigint not null,
  constraint message_id_key primary key (shard, tenant, customer, id, time_window)
) partition by list (time_window);
create table message_id_imported partition of message_id for values in (0);

create table customer (
  shard      int         not null,
  tenant     int         not null,
  customer   uuid        not null,
  id         text        not null,           -- empty once erased
  key        bytea,                          -- 256 bits, for what is sealed; null once erased
  wrapping_key smallint  not null default 0, -- under which key the key itself is closed; 0 for none
  created_at timestamptz not null default now(),
  constraint customer_key primary key (shard, tenant, customer)
);

create table look_up (                       -- what customers can be found by though it is sealed
  shard     int         not null,
  tenant    int         not null,
  customer  uuid        not null,
  attribute smallint    not null,            -- 1 e-mail, 2 phone, 3 name
  hash      uuid,                            -- keyed by the tenant's secret; null once forgotten
  at        timestamptz not null,            -- when it was said
  constraint look_up_key primary key (shard, tenant, customer, attribute)
);
create index look_up_hash on look_up (shard, tenant, hash) where hash is not null;

create table erased (                        -- customers whose life was ended; nothing of theirs is taken in any more
  shard    int    not null,
  tenant   int    not null,
  customer uuid   not null,
  position bigint not null,                  -- of the event that says so
  constraint erased_key primary key (shard, tenant, customer)
);

create table history (
  shard         int         not null,
  tenant        int         not null,
  open          boolean     not null,
  last_input_at timestamptz not null,
  constraint history_key primary key (shard, tenant)
);

create table tenant_clock (                  -- test tenants only
  shard  int         not null,
  tenant int         not null,
  clock  timestamptz not null,
  constraint tenant_clock_key primary key (shard, tenant)
);

create table state (
  shard    int      not null,
  lane     smallint not null,
  tenant   int      not null,
  customer uuid     not null,
  lived_to bigint   not null,                -- the last shard input this customer has lived through
  body     bytea    not null,
  constraint state_key primary key (shard, lane, tenant, customer)
) with (fillfactor = 50);

create table due (
  shard    int         not null,
  lane     smallint    not null,
  tenant   int         not null,
  customer uuid        not null,
  at       timestamptz not null,
  wall     boolean     not null,             -- false for test tenants, whose clock is their own
  constraint due_key primary key (shard, lane, tenant, customer)
) with (fillfactor = 50);
create index due_by_wall on due (shard, at) where wall and lane = 0;
create index due_by_test_clock on due (shard, tenant, at) where not wall and lane = 0;

create table span (
  shard      int         not null,
  lane       smallint    not null,
  tenant     int         not null,
  customer   uuid        not null,
  track      text        not null,
  ordinal    int         not null,           -- 0 for the customer's first stage in the track
  stage      text        not null,
  entered_at timestamptz not null,
  left_at    timestamptz,                    -- null for the present stage
  release    int         not null,
  fact       uuid        not null,
  constraint span_key primary key (shard, lane, tenant, customer, track, ordinal)
) with (fillfactor = 70);
create index span_members on span (shard, lane, tenant, track, stage, entered_at);

create table delivery (
  shard        int         not null,
  tenant       int         not null,
  customer     uuid        not null,
  key          uuid        not null,         -- the action's key
  endpoint     int         not null,         -- 0 where the tenant had none
  requested_at timestamptz not null,         -- the customer's clock
  created_at   timestamptz not null,
  request      bytea       not null,         -- the ActionRequested as JSON
  status       smallint    not null,         -- 0 pending, 1 sent, 2 withheld
  attempt      int         not null default 0,
  next_at      timestamptz not null,
  last_status  int,
  last_error   text,
  constraint delivery_key primary key (shard, tenant, key, endpoint)
) with (fillfactor = 70);
create index delivery_pending on delivery (shard, next_at) where status = 0;
create index delivery_customer on delivery (shard, tenant, customer);

create table delivery_attempt (
  shard       int         not null,
  tenant      int         not null,
  key         uuid        not null,
  endpoint    int         not null,
  attempt     int         not null,
  started_at  timestamptz not null,
  duration_ms int         not null,
  status      int,
  error       text,
  constraint delivery_attempt_key primary key (shard, tenant, key, endpoint, attempt)
);

create table carry (                         -- what waits to be carried to another customer
  shard  int         not null,
  tenant int         not null,
  id     uuid        not null,               -- the fact's id, and the id of the input it becomes
  clock  timestamptz not null,
  target text        not null,
  hops   smallint    not null,
  name   text        not null,
  version smallint   not null,
  open   bytea       not null,
  constraint carry_key primary key (shard, tenant, id)
);

create table cut_count (                     -- a shard's count of its customers for the comparisons of all, kept for two days
  shard     int         not null,
  tenant    int         not null,
  id        uuid        not null,            -- of the count: that of the input that follows from it
  metric    uuid        not null,            -- a hash of the metric's canonical writing
  stored_at timestamptz not null,
  counts    bytea       not null,            -- values and how many customers have each
  constraint cut_count_key primary key (shard, tenant, id, metric)
);

create table set_aside (
  shard    int         not null,
  tenant   int         not null,
  customer uuid        not null,
  position bigint      not null,             -- the first input not applied
  reason   text        not null,
  at       timestamptz not null,
  constraint set_aside_key primary key (shard, tenant, customer)
);

create table quarantine (
  shard       int         not null,
  tenant      int         not null,
  id          uuid        not null,
  received_at timestamptz not null,
  code        text        not null,
  message     text        not null,
  content     bytea       not null,          -- sealed under a key of the tenant's
  constraint quarantine_key primary key (shard, tenant, received_at, id)
);

create table cluster (
  one     boolean not null default true,
  shards  int     not null,
  message_id_window_ms bigint not null,      -- the number of a time_window is its first instant, in milliseconds since 1970, divided by this
  semantics    int  not null default 0,               -- the newest by which a process has judged
  zone_version text collate "C" not null default '',  -- likewise
  created_at timestamptz not null default now(),
  constraint cluster_key primary key (one),
  constraint cluster_one check (one),
  constraint cluster_shards check (shards between 1 and 4096)
);

create table tenant (
  tenant     int         not null,
  name       text        not null,
  test       boolean     not null,
  secret     bytea       not null,           -- keys the customer hashes; never leaves the database
  created_at timestamptz not null default now(),
  constraint tenant_key primary key (tenant),
  constraint tenant_name unique (name)
);

create table api_key (
  hash       bytea       not null,           -- SHA-256 of the key; the key itself is shown once and not kept
  tenant     int         not null,
  kind       text        not null,
  clock_mode text        not null default 'server',
  created_at timestamptz not null default now(),
  constraint api_key_key primary key (hash),
  constraint api_key_kind check (kind in ('write', 'admin')),
  constraint api_key_clock_mode check (clock_mode in ('server', 'client'))
);

create table release (
  tenant       int         not null,
  number       int         not null,
  hash         text        not null,
  content      text        not null,         -- {"definition": "...", "journeys": ["..."], "settings": "..."}
  zone_version text        not null,
  semantics    int         not null,
  published_at timestamptz not null default now(),
  constraint release_key primary key (tenant, number)
);

create table draft (
  tenant     int         not null,
  content    text        not null,
  based_on   int         not null,           -- the newest release when it was begun; 0 for none
  updated_at timestamptz not null default now(),
  constraint draft_key primary key (tenant)
);

create table endpoint (
  tenant           int         not null,
  endpoint         int         not null,
  url              text        not null,
  secret           text        not null,
  enabled          boolean     not null default true,
  disabled_because text,
  failing_since    timestamptz,
  created_at       timestamptz not null default now(),
  constraint endpoint_key primary key (tenant, endpoint)
);
