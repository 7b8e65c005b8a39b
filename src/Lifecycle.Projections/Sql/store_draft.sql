-- $1 tenant, $2 content, $3 now, $4 the number of the release it is based on.
insert into draft (tenant, content, updated_at, based_on) values ($1, $2, $3, $4)
on conflict (tenant) do update set content = excluded.content, updated_at = excluded.updated_at, based_on = excluded.based_on
