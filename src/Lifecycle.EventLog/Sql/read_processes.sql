-- $1 how long a process counts as alive after it was seen.
select process, roles from process where seen_at > clock_timestamp() - $1
