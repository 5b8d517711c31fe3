with rtt_codes as (

    select
        entity_level,
        org_code
    from {{ ref('rtt_metrics') }}
    where entity_level != 'england'
    group by entity_level, org_code
    union all
    select
        entity_level,
        org_code
    from {{ ref('rtt_published_waits') }}
    where entity_level != 'england'
    group by entity_level, org_code

),

dim_organisations as (

    select * from {{ ref('dim_organisations') }}

)

select
    rtt_codes.entity_level,
    rtt_codes.org_code
from rtt_codes
left join dim_organisations
    on rtt_codes.org_code = dim_organisations.org_code
where dim_organisations.org_code is null
