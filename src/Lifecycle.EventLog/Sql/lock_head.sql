-- The first statement of every transaction that writes to a shard's log. What follows in the same batch takes its snapshot and its time
-- after this lock is held, so it sees everything written before and its time is not earlier than theirs.
select position from shard_head where shard = $1 for update
