-- $1 name, $2 whether it is a test tenant, $3 a new secret. The number of a tenant is the next free one.
insert into tenant (tenant, name, test, secret)
select coalesce(max(tenant), 0) + 1, $1, $2, $3 from tenant
on conflict do nothing
