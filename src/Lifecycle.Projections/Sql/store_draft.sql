-- $1 tenant, $2 content, $3 now.
insert into draft (tenant, content, updated_at) values ($1, $2, $3)
on conflict (tenant) do update set content = excluded.content, updated_at = excluded.updated_at
