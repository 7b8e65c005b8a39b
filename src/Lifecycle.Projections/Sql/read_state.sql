select body from state where shard = $1 and lane = 0 and tenant = $2 and customer = $3
