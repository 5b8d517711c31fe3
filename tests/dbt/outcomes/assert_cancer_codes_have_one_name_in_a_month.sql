{{ config(severity='warn') }}

with standard_waits as (

    select * from {{ ref('silver_cancer__standard_waits') }}
    where not is_national

)

select
    period,
    org_code,
    min(org_name) as first_name,
    max(org_name) as other_name
from standard_waits
group by period, org_code
having min(org_name) != max(org_name)
