-- $1 shard, $2 tenant, $3 the customer after whom to go on, $4 how many. The state is null of who is not known by a user id, or erased. Each is looked up
-- alone: joined, all states that are left might be read and sorted for a page of them.
select s.customer, case when c.known then s.body end as body
from (
  select customer, body from state where shard = $1 and lane = 0 and tenant = $2 and customer > $3 order by customer limit $4
) s
left join lateral (
  select key is not null and left(id, 10) <> 'anonymous:' as known from customer where shard = $1 and tenant = $2 and customer = s.customer limit 1
) c on true
order by s.customer
