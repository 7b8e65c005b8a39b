-- $1 shard, $2 tenant and $3 customer after whom to go on, $4 how many.
select tenant, customer from customer where shard = $1 and (tenant, customer) > ($2, $3) order by tenant, customer limit $4
