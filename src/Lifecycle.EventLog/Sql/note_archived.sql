-- $1 shard, $2 year and $3 month, $4 rows, $5 bytes, $6 hash of the rows' file, $7 hash of its index.
insert into archived (of_shard, month, rows, bytes, rows_hash, index_hash)
values ($1, make_date($2, $3, 1), $4, $5, $6, $7)
