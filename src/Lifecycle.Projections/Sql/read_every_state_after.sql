-- $1 shard, $2 tenant, $3 the customer after whom to go on, $4 how many.
select customer, body
from state
where shard = $1 and lane = 0 and tenant = $2 and customer > $3
order by customer
limit $4
