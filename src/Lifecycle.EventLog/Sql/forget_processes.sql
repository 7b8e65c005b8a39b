-- $1 for how long they were not seen.
delete from process where seen_at < clock_timestamp() - $1
