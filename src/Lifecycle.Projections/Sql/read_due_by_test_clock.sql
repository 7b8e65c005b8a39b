-- $1 shard, $2 tenant, $3 what their clock was set to, $4 how many.
select tenant, customer from due where shard = $1 and lane = 0 and not wall and tenant = $2 and at <= $3 order by at limit $4
