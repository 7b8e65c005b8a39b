select tenant, customer, position from set_aside where shard = $1 order by tenant, customer
