-- $1 shard, $2 tenant, $3 hash, $4 how many.
select customer from look_up where shard = $1 and tenant = $2 and hash = $3 order by customer limit $4
