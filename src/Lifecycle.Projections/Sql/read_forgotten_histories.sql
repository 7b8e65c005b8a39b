-- $1 shard, $2 for how long nothing historical has come.
select tenant, last_input_at from history where shard = $1 and open and last_input_at <= now() - $2::interval
