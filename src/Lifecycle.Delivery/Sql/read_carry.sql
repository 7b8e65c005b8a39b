-- $1 shard, $2 how many. Oldest first, so that what one customer says to another arrives in the order it was said.
select tenant, id, clock, target, hops, name, version, open from carry where shard = $1 order by clock, id limit $2
