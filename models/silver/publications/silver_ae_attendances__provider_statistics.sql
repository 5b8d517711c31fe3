{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source(
        'raw_publications', 'ae_attendances__provider_statistics'
    ) }}

),

final as (

    select
        vintages.period,
        {{ published_code('published.org_code') }} as org_code,
        {{ published_text('published.org_name') }} as org_name,
        {{ published_text('published.region_name') }} as region_name,
        {{ numbers_and_marks([
            'attendances_type_1',
            'attendances_type_2',
            'attendances_type_3',
            'attendances_total',
            'within_4_hours_type_1',
            'within_4_hours_type_2',
            'within_4_hours_type_3',
            'within_4_hours_total',
            'over_4_hours_type_1',
            'over_4_hours_type_2',
            'over_4_hours_type_3',
            'over_4_hours_total',
            'pct_within_4_hours_all',
            'pct_within_4_hours_type_1',
            'pct_within_4_hours_type_2',
            'pct_within_4_hours_type_3',
            'admissions_via_type_1',
            'admissions_via_type_2',
            'admissions_via_type_3_and_4',
            'admissions_via_ae_total',
            'admissions_other',
            'admissions_total',
            'over_4_hours_from_decision',
            'over_12_hours_from_decision',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
