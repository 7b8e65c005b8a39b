-- $1 shard, $2 tenant, $3 key, $4 endpoint, $5 attempt, $6 started, $7 milliseconds, $8 HTTP status, $9 error.
-- An attempt ends once. The same end written again, after a commit whose fate was unknown, is the row that is there.
insert into delivery_attempt (shard, tenant, key, endpoint, attempt, started_at, duration_ms, status, error)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict on constraint delivery_attempt_key do nothing
