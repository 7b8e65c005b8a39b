-- $1 shard, $2 tenant. Whether imported history is open; no row where none ever was.
select open from history where shard = $1 and tenant = $2
