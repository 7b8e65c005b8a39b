update shard_lease set owner = null where shard = $1 and epoch = $2 and owner = $3
