select number, hash, content, published_at from release where tenant = $1 order by number
