-- $1 shard, $2 tenant, $3 the customer after whom to go on, $4 how many. Who is known by a user id and not erased.
select customer
from customer
where shard = $1 and tenant = $2 and customer > $3 and key is not null and left(id, 10) <> 'anonymous:'
order by customer
limit $4
