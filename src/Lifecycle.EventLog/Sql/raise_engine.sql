-- $1 semantics, $2 version of the time zones.
update cluster set semantics = greatest(semantics, $1), zone_version = greatest(zone_version, $2)
where semantics < $1 or zone_version < $2
