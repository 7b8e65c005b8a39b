select tenant, customer from erased where shard = $1
