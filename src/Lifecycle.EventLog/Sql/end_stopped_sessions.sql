-- $1 how long. Ends sessions of ours that hold a head or a lease and have been waiting for their client in the middle of a batch for that long:
-- the client was stopped, or is gone without a word. idle_in_transaction_session_timeout does not see them, because a batch whose end has not
-- come is work under way to the server. Answers how many.
select count(pg_terminate_backend(a.pid))
from pg_stat_activity a
where a.datname = current_database() and a.usename = current_user and a.state = 'active' and a.wait_event = 'ClientRead'
  and a.xact_start < clock_timestamp() - $1
  and exists (
    select from pg_locks l
    where l.pid = a.pid and l.locktype = 'relation' and l.relation in ('shard_head'::regclass, 'shard_lease'::regclass) and l.mode <> 'AccessShareLock'
  )
