select tenant, name, test, secret, date_trunc('milliseconds', created_at) from tenant order by tenant
