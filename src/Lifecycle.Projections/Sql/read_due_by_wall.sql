-- $1 shard, $2 the instant up to which to fire, $3 to $5 instant, tenant and customer after whom, $6 how many.
select tenant, customer, at from due
where shard = $1 and lane = 0 and wall and at <= $2 and (at, tenant, customer) > ($3, $4, $5)
order by at, tenant, customer
limit $6
