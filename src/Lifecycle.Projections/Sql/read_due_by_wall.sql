-- $1 shard, $2 the instant up to which to fire, $3 how many.
select tenant, customer from due where shard = $1 and lane = 0 and wall and at <= $2 order by at, tenant, customer limit $3
