with spelled as (

    select
        quarter,
        region_as_published,
        region_name
    from {{ ref('oversight_metrics') }}
    union all
    select
        quarter,
        region_as_published,
        region_name
    from {{ ref('oversight_league_table') }}

)

select
    'add it to seeds/oversight_regions.csv' as what_to_do,
    quarter,
    region_as_published,
    count(*) as row_count
from spelled
where region_name is null
group by quarter, region_as_published
