select not pg_is_in_recovery() and not current_setting('default_transaction_read_only')::boolean
