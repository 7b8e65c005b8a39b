select clock from tenant_clock where shard = $1 and tenant = $2
