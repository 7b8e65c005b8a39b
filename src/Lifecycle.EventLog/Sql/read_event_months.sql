-- The months that have a partition, from their names, with PostgreSQL's own idea of their rows, and their size.
select substring(c.relname from '^event_([0-9]{4})_')::int as year, substring(c.relname from '_([0-9]{2})$')::int as month,
  c.reltuples::bigint as rows, pg_total_relation_size(c.oid) as bytes
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'event_of_customer'::regclass and c.relname ~ '^event_[0-9]{4}_[0-9]{2}$'
order by 1, 2
