-- $1 shard. The database's time, and when the shard's next delivery is due; null while none is pending.
select clock_timestamp(), (select min(next_at) from delivery where shard = $1 and status = 0)
