-- $1 shard, $2 tenant, $3 customers. How many of them are in the present: they have a live input from outside, or had an input when a history was closed.
-- Whose events all lie in the archive was there long ago.
select count(*)
from customer c
where c.shard = $1 and c.tenant = $2 and c.customer = any ($3)
  and (exists (
    select from event e
    where e.shard = $1 and e.tenant = $2 and e.customer = c.customer and e.kind = 1 and ((not e.imported and e.hops = 0) or e.position < (
      select coalesce(max(closed.position), 0)
      from event closed
      where closed.shard = $1 and closed.tenant = $2 and closed.kind = 3 and closed.name = 'history_closed'
    ))
  ) or not exists (
    select from event e
    where e.shard = $1 and e.tenant = $2 and e.customer = c.customer
  ))
