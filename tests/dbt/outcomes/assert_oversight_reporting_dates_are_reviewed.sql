{{ config(severity='warn') }}

with spelled as (

    select
        quarter,
        reporting_date,
        period_start
    from {{ ref('oversight_metrics') }}
    union all
    select
        quarter,
        reporting_date,
        period_start
    from {{ ref('oversight_league_table') }}

)

select
    'add it to seeds/oversight_reporting_dates.csv' as what_to_do,
    quarter,
    reporting_date,
    count(*) as row_count
from spelled
where period_start is null
group by quarter, reporting_date
