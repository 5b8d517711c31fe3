{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

published as (

    select * from {{ source('raw_publications', 'ae_attendances__providers') }}

),

final as (

    select
        vintages.period,
        {{ published_code('published.org_code') }} as org_code,
        {{ published_text('published.org_name') }} as org_name,
        {{ published_text('published.parent_name') }} as parent_name,
        {{ published_text('published.published_month') }} as published_month,
        {{ numbers_and_marks([
            'attendances_type_1',
            'attendances_type_2',
            'attendances_other',
            'booked_attendances_type_1',
            'booked_attendances_type_2',
            'booked_attendances_other',
            'over_4_hours_type_1',
            'over_4_hours_type_2',
            'over_4_hours_other',
            'booked_over_4_hours_type_1',
            'booked_over_4_hours_type_2',
            'booked_over_4_hours_other',
            'waited_4_to_12_hours_from_decision',
            'waited_12_hours_from_decision',
            'admissions_type_1',
            'admissions_type_2',
            'admissions_other_ae',
            'admissions_not_via_ae',
        ]) }},
        {{ publication_provenance() }}
    from published
    inner join vintages
        on {{ file_vintage_join() }}

)

select * from final
