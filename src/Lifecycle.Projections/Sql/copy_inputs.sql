-- $1 shard, put into the text because COPY takes no parameters. Inputs and shard inputs that were consumed, but for those of erased customers, numbered anew
-- without gaps.
select shard, row_number() over (order by position), recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause,
  ordinal, id, open, sealed
from event
where shard = $1 and kind <> 2
  and not exists (select from erased e where e.shard = $1 and e.tenant = event.tenant and e.customer = event.customer)
  and position <= (select consumed from shard_lease where shard = $1)
