-- $3 when the first of a row of failures was seen.
update endpoint set failing_since = $3 where tenant = $1 and endpoint = $2 and failing_since is null
