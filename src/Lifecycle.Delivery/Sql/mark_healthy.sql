update endpoint set failing_since = null where tenant = $1 and endpoint = $2 and failing_since is not null
