-- $1 shard, $2 tenant, $3 key, $4 endpoint.
select status, attempt, clock_timestamp() from delivery where shard = $1 and tenant = $2 and key = $3 and endpoint = $4
