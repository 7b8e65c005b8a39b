-- $1 shard, $2 tenant. Whether imported history is open, and when anything historical came last or it was closed; no row where none ever was.
select open, last_input_at from history where shard = $1 and tenant = $2
