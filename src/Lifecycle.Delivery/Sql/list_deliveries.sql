-- $1 shard, $2 tenant, $3 how many; $4, $5 and $6 the last one already shown, null for the newest. One shard's share of a page, newest first.
select d.key, d.endpoint, d.customer, c.id, d.requested_at, d.created_at, d.request, d.status, d.attempt, d.next_at, d.last_status, d.last_error
from delivery d
left join customer c on c.shard = $1 and c.tenant = d.tenant and c.customer = d.customer
where d.shard = $1 and d.tenant = $2 and ($4::timestamptz is null or (d.created_at, d.key, d.endpoint) < ($4, $5, $6))
order by d.created_at desc, d.key desc, d.endpoint desc
limit $3
