-- $1 shard, $2 the instant before which what was kept is forgotten.
delete from quarantine where shard = $1 and received_at < $2
