-- The windows that have a partition, from their names; window zero, the imported ids, is named differently and not among them.
select substring(c.relname from '^message_id_([0-9]+)$')::int as time_window
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'message_id'::regclass and c.relname ~ '^message_id_[0-9]+$'
order by 1
