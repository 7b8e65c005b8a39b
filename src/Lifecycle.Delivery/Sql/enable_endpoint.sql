update endpoint set enabled = true, disabled_because = null, failing_since = null where tenant = $1 and endpoint = $2
