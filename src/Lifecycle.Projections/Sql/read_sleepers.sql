-- $1 shard, $2 tenant, $3 the customer after whom to go on, $4 the position of the shard input, $5 how many.
select customer
from state
where shard = $1 and lane = 0 and tenant = $2 and customer > $3 and lived_to < $4
order by customer
limit $5
