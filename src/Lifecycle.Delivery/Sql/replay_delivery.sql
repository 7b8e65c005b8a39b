-- $1 shard, $2 tenant, $3 key, $4 endpoint, $5 the attempts it is set to have had, $6 now. One that is pending already stays as it is.
update delivery set status = 0, attempt = $5, next_at = $6
where shard = $1 and tenant = $2 and key = $3 and endpoint = $4 and status <> 0
