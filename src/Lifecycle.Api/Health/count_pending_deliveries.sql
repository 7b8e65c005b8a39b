-- $1 shard. By what still has to be sent, over all tenants.
select count(*) from delivery where shard = $1 and status = 0
