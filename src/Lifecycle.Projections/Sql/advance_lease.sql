-- $1 shard, $2 epoch and $3 owner of the lease, $4 consumed, $5 swept, $6 fired to. The first statement of every step: it takes the row's lock,
-- so no other process can acquire the shard before the step is decided, and touches no row when one already has.
update shard_lease set consumed = $4, swept = $5, fired_to = $6
where shard = $1 and epoch = $2 and owner = $3
