{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'sickness_absence__organisations') }}

),

final as (

    select
        vintages.period,
        {{ published_date('published.month_end') }} as month_end,
        {{ published_code('published.region_code') }} as region_code,
        {{ published_text('published.region_name') }} as region_name,
        {{ published_code('published.ics_code') }} as ics_code,
        {{ published_text('published.ics_name') }} as ics_name,
        {{ published_code('published.org_code') }} as org_code,
        {{ published_text('published.org_name') }} as org_name,
        {{ published_text('published.org_type') }} as org_type,
        {{ numbers_and_marks([
            'fte_days_lost',
            'fte_days_available',
            'sickness_absence_rate_percent',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
