{{ config(severity='warn') }}

with trust_types as (

    select * from {{ ref('silver_oversight__trust_types') }}

)

select
    org_code,
    quarter,
    min(trust_type) as one_type,
    max(trust_type) as other_type,
    min(trust_subtype) as one_subtype,
    max(trust_subtype) as other_subtype
from trust_types
group by org_code, quarter
having count(*) > 1
