-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $8 the requests, column by column. One delivery for each enabled endpoint of the
-- tenant; endpoint 0 where there is none, so that Delivery can say why nothing was sent. A key that is there already names the same action.
insert into delivery (shard, tenant, customer, key, endpoint, requested_at, created_at, request, status, next_at)
select $1, r.tenant, r.customer, r.key, coalesce(e.endpoint, 0), r.requested_at, now(), r.request, 0, now()
from unnest($4::int[], $5::uuid[], $6::uuid[], $7::timestamptz[], $8::bytea[]) as r (tenant, customer, key, requested_at, request)
left join endpoint e on e.tenant = r.tenant and e.enabled
where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
on conflict (shard, tenant, key, endpoint) do nothing
