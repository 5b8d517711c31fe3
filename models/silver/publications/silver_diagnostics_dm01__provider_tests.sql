{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'diagnostics_dm01__provider_tests') }}

),

final as (

    select
        vintages.period,
        {{ published_code('published.region_code') }} as region_code,
        {{ published_text('published.region_name') }} as region_name,
        {{ published_code('published.provider_code') }} as provider_code,
        {{ published_text('published.provider_name') }} as provider_name,
        {{ published_code('published.test_code') }} as test_code,
        {{ published_text('published.test_name') }} as test_name,
        -- Each provider's row of all its tests stands among them.
        coalesce(upper({{ clean_text('published.test_name') }}) = 'TOTAL', false)
            as is_all_tests,
        {{ numbers_and_marks([
            'total_waiting',
            'total_6_plus_weeks',
            'total_13_plus_weeks',
            'pct_6_plus_weeks',
            'waiting_00_to_01_weeks',
            'waiting_01_to_02_weeks',
            'waiting_02_to_03_weeks',
            'waiting_03_to_04_weeks',
            'waiting_04_to_05_weeks',
            'waiting_05_to_06_weeks',
            'waiting_06_to_07_weeks',
            'waiting_07_to_08_weeks',
            'waiting_08_to_09_weeks',
            'waiting_09_to_10_weeks',
            'waiting_10_to_11_weeks',
            'waiting_11_to_12_weeks',
            'waiting_12_to_13_weeks',
            'waiting_13_plus_weeks',
            'activity_planned',
            'activity_unscheduled',
            'activity_waiting_list',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
