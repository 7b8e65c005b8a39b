-- $1 shard, $2 tenant, $3 id of the count. When the shard stored it; no row where it has not.
select stored_at from cut_count where shard = $1 and tenant = $2 and id = $3 limit 1
