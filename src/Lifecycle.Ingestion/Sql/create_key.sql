-- A key by its hash. Creating the same key again changes nothing; a key never changes its tenant or what it may do.
insert into api_key (hash, tenant, kind, clock_mode)
values ($1, $2, $3, $4)
on conflict on constraint api_key_key do nothing
