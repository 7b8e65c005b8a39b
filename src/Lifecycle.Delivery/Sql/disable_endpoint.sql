-- $3 why. Of several reasons the first is kept.
update endpoint set enabled = false, disabled_because = coalesce(disabled_because, $3) where tenant = $1 and endpoint = $2
