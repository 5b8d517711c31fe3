-- A chain longer than the joins that follow it, or one that turns in a circle, stops at
-- a code that was itself replaced.
with current_codes as (

    select * from {{ ref('silver_organisations__current_codes') }}

)

select
    current_codes.org_code,
    current_codes.current_org_code,
    current_codes.chain_length
from current_codes
inner join current_codes as further
    on current_codes.current_org_code = further.org_code
