select *
from {{ ref('rtt_published_waits') }}
where is_comparable and not is_match
