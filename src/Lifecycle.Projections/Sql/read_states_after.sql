-- $1 shard, $2 tenant, $3 the customer after whom to go on, $4 how many. Of who is known by a user id and not erased.
select s.customer, s.body
from state s
join customer c on c.shard = $1 and c.tenant = $2 and c.customer = s.customer and c.key is not null
  and left(c.id, 10) <> 'anonymous:'
where s.shard = $1 and s.lane = 0 and s.tenant = $2 and s.customer > $3
order by s.customer
limit $4
