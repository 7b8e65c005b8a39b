-- Before a statement on events of one customer: the log by its own name, and in it the customer's rows that lie in files. $1 shard, $11 to $26 these rows, column by column.
with event as not materialized (
  select shard, position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause, ordinal, id, open, sealed
  from event
  where shard = $1
  union all
  select $1, a.*
  from unnest($11::bigint[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::int[], $16::uuid[], $17::smallint[], $18::text[], $19::smallint[],
    $20::boolean[], $21::smallint[], $22::uuid[], $23::int[], $24::uuid[], $25::bytea[], $26::bytea[]) as a
)
