select created_at from tenant where tenant = $1
