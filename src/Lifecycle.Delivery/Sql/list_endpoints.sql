-- Without secrets, which a list has no need to show.
select endpoint, url, null::text as secret, enabled, disabled_because, failing_since, created_at from endpoint where tenant = $1 order by endpoint
