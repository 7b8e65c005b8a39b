-- $1 shard, $2 tenant, $3 key, $4 endpoint, $5 attempt, $6 status, $7 next_at, $8 HTTP status, $9 error.
-- An attempt that was given up for lost and answers late changes nothing: the row has gone on to the next.
update delivery set status = $6, next_at = $7, last_status = $8, last_error = $9
where shard = $1 and tenant = $2 and key = $3 and endpoint = $4 and attempt = $5 and status = 0
