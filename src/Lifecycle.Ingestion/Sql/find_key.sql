-- What a key opens.
select tenant, kind, clock_mode
from api_key
where hash = $1
