-- $1 role, $2 how long a process counts as alive after it was seen.
select process from process where $1 = any (roles) and seen_at > clock_timestamp() - $2
