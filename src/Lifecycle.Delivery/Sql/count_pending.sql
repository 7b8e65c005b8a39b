-- $1 shard, $2 tenant. Deliveries of which nothing has come back yet, and what waits to be carried to another customer.
select (select count(*) from delivery where shard = $1 and tenant = $2 and status = 0 and last_status is null and last_error is null)
  + (select count(*) from carry where shard = $1 and tenant = $2)
