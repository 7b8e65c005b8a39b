-- $1 shard. The months whose rows of customers lie in files, in order.
select month, rows, bytes, rows_hash, index_hash
from archived
where of_shard = $1
order by month
