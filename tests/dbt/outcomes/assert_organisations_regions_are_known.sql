{{ config(severity='warn') }}

with stated as (

    select
        org_code,
        region_code
    from {{ ref('silver_organisations__ods_organisations') }}
    union all
    select
        icb_code as org_code,
        region_code
    from {{ ref('silver_organisations__icb_lookup') }}

),

oversight_regions as (

    select * from {{ ref('oversight_regions') }}

)

select
    'add its code to seeds/oversight_regions.csv' as what_to_do,
    stated.region_code,
    count(*) as row_count,
    min(stated.org_code) as an_org_code
from stated
left join oversight_regions
    on stated.region_code = oversight_regions.region_code
where stated.region_code is not null and oversight_regions.region_code is null
group by stated.region_code
