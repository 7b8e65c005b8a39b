-- The first statement of every processing transaction: no row means that the lease has passed to another, and nothing else may be done.
select 1 from shard_lease where shard = $1 and epoch = $2 and owner = $3 for update
