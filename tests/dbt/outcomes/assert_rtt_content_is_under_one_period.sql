with files as (

    select * from {{ source('raw_rtt', 'files') }}
    where status in ('loaded', 'superseded')

)

select
    sha256,
    count(*) as file_count,
    min(period_start) as first_period_start,
    max(period_start) as last_period_start
from files
group by sha256
having min(period_start) != max(period_start)
