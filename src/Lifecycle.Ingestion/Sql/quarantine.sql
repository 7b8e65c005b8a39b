-- Keeps what was refused, with the reason, in the shard of its customer. The time is the database's.
insert into quarantine (shard, tenant, id, received_at, code, message, content)
select $1, $2, refused.id, now(), refused.code, refused.message, refused.content
from unnest($3::uuid[], $4::text[], $5::text[], $6::bytea[]) as refused (id, code, message, content)
