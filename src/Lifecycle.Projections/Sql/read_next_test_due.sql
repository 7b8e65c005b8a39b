select at from due where shard = $1 and lane = 0 and not wall and tenant = $2 order by at limit 1
