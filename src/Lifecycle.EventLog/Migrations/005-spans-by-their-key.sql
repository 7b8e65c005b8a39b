-- Each step looks for the last spans of its customers by the table's key. Which of two indexes serves that is a toss while there are no statistics, and the
-- other one would have all spans of a tenant read for each customer. So that it never serves it is kept for lane 0 alone, which those looks do not spell out.
drop index span_members;
create index span_members on span (shard, tenant, track, stage, entered_at) where lane = 0;
