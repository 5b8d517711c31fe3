{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'mhsds__four_week_waits') }}

),

final as (

    select
        vintages.period,
        {{ published_date('published.reporting_period_start') }}
            as reporting_period_start,
        {{ published_date('published.reporting_period_end') }} as reporting_period_end,
        {{ published_text('published.status') }} as published_status,
        {{ published_text('published.breakdown') }} as breakdown,
        {{ published_code('published.primary_level') }} as primary_level,
        {{ published_text('published.primary_level_description') }}
            as primary_level_description,
        {{ published_code('published.secondary_level') }} as secondary_level,
        {{ published_text('published.secondary_level_description') }}
            as secondary_level_description,
        {{ published_text('published.measure_id') }} as measure_id,
        {{ published_text('published.measure_name') }} as measure_name,
        {{ numbers_and_marks([
            'measure_value',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
