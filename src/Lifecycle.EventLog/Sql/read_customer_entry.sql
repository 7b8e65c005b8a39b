select id, key from customer where shard = $1 and tenant = $2 and customer = $3
