-- $1 process, $2 its roles.
with present as materialized (
  select clock_timestamp() as at
)
insert into process (process, roles, seen_at) select $1, $2, at from present
on conflict (process) do update set roles = excluded.roles, seen_at = excluded.seen_at
