-- $1 tenant, $2 url, $3 secret, $4 now. Two at once for one tenant: one violates endpoint_key and comes again.
insert into endpoint (tenant, endpoint, url, secret, created_at)
select $1, coalesce(max(endpoint), 0) + 1, $2, $3, $4 from endpoint where tenant = $1
returning endpoint, url, secret, enabled, disabled_because, failing_since, created_at
