{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_cancer__vintages') }}

),

labels as (

    select * from {{ ref('silver_cancer__labels') }}

),

waits as (

    select
        *,
        {{ cancer_first_seen_type() }} as type_label
    from {{ source('raw_cancer', 'first_seen_waits') }}

),

final as (

    select
        {{ cancer_silver_keys() }},
        case vintages.source_table
            when 'first_seen_usc' then 'usc'
            when 'first_seen_ubs' then 'breast_symptomatic'
        end as referral_route_code,
        types.code as cancer_type_code,
        types.label as cancer_type,
        {{ nhs_count('waits.total') }} as total_count,
        {{ nhs_count('waits.band_within_14_days') }} as within_14_days_count,
        {{ nhs_count('waits.band_15_to_16_days') }} as from_15_to_16_days_count,
        {{ nhs_count('waits.band_17_to_21_days') }} as from_17_to_21_days_count,
        {{ nhs_count('waits.band_22_to_28_days') }} as from_22_to_28_days_count,
        {{ nhs_count('waits.band_after_28_days') }} as after_28_days_count,
        {{ count_mark('waits.total') }} as count_mark,
        {{ cancer_silver_provenance() }}
    from waits
    inner join vintages
        on {{ cancer_vintage_join() }}
    left join labels as types
        on waits.type_label = types.published_label
        and types.label_kind = 'cancer_type'

)

select * from final
