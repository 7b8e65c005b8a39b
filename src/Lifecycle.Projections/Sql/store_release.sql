-- $1 tenant, $2 number, $3 hash, $4 content, $5 version of the time zones, $6 semantics. Two publishers cannot have one number: the second
-- violates release_key.
insert into release (tenant, number, hash, content, zone_version, semantics) values ($1, $2, $3, $4, $5, $6)
