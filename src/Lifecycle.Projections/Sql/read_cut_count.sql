-- $1 shard, $2 tenant, $3 id of the count, $4 metric.
select counts from cut_count where shard = $1 and tenant = $2 and id = $3 and metric = $4
