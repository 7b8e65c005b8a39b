-- $1 shard, $2 epoch and $3 owner of the lease, $4 tenants and $5 customers whose life has ended: all that was derived from it goes.
with gone as materialized (
  select c.tenant, c.customer from unnest($4::int[], $5::uuid[]) as c (tenant, customer)
  where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
),
states as (
  delete from state s using gone g where s.shard = $1 and s.tenant = g.tenant and s.customer = g.customer
),
dues as (
  delete from due d using gone g where d.shard = $1 and d.tenant = g.tenant and d.customer = g.customer
),
spans as (
  delete from span s using gone g where s.shard = $1 and s.tenant = g.tenant and s.customer = g.customer
),
look_ups as (
  delete from look_up l using gone g where l.shard = $1 and l.tenant = g.tenant and l.customer = g.customer
),
deliveries as (
  delete from delivery d using gone g where d.shard = $1 and d.tenant = g.tenant and d.customer = g.customer
  returning d.tenant, d.key, d.endpoint
),
attempts as (
  delete from delivery_attempt a using deliveries d where a.shard = $1 and a.tenant = d.tenant and a.key = d.key and a.endpoint = d.endpoint
)
delete from set_aside a using gone g where a.shard = $1 and a.tenant = g.tenant and a.customer = g.customer
