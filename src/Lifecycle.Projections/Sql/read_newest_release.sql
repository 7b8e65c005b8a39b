select number, hash from release where tenant = $1 order by number desc limit 1
