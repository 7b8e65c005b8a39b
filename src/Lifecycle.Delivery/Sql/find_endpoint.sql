select endpoint, url, secret, enabled, disabled_because, failing_since, created_at from endpoint where tenant = $1 and endpoint = $2
