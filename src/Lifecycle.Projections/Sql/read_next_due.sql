select at from due where shard = $1 and lane = 0 and wall order by at limit 1
