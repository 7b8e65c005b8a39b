-- $1 shard, $2 position, $3 recorded time and $4 id of an input that was handed over in memory. Fails by a division by zero, and the whole step with it,
-- where the log holds no such event: a standby may have taken over that had not received it yet. As the log has no gaps, what came before it is there too.
select 1 / count(*) from event where shard = $1 and position = $2 and kind = 1 and recorded_at = $3 and id = $4
