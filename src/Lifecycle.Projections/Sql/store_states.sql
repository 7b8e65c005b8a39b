-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $7 the states, column by column.
insert into state (shard, lane, tenant, customer, lived_to, body)
select $1, 0, s.tenant, s.customer, s.lived_to, s.body
from (select unnest($4::int[]) as tenant, unnest($5::uuid[]) as customer, unnest($6::bigint[]) as lived_to, unnest($7::bytea[]) as body) s
where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
on conflict (shard, lane, tenant, customer) do update set lived_to = excluded.lived_to, body = excluded.body
where (state.lived_to, state.body) is distinct from (excluded.lived_to, excluded.body)
