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
        {{ cancer_referral_route() }} as route_label,
        {{ cancer_type('suspected_cancer') }} as type_label
    from {{ source('raw_cancer', 'fds_waits') }}

),

final as (

    select
        {{ cancer_silver_keys() }},
        routes.code as referral_route_code,
        routes.label as referral_route,
        types.code as cancer_type_code,
        types.label as cancer_type,
        {{ nhs_count('waits.total') }} as total_count,
        {{ nhs_count('waits.within_28_days') }} as within_count,
        {{ nhs_count('waits.after_28_days') }} as outside_count,
        {{ nhs_count('waits.band_within_14_days') }} as within_14_days_count,
        {{ nhs_count('waits.band_15_to_28_days') }} as from_15_to_28_days_count,
        {{ nhs_count('waits.band_29_to_42_days') }} as from_29_to_42_days_count,
        {{ nhs_count('waits.band_43_to_62_days') }} as from_43_to_62_days_count,
        {{ nhs_count('waits.band_after_62_days') }} as after_62_days_count,
        {{ nhs_ratio('waits.pct_within_28_days') }} as published_pct,
        {{ nhs_ratio_decimals('waits.pct_within_28_days') }} as published_pct_decimals,
        coalesce(
            {{ count_mark('waits.total') }},
            {{ count_mark('waits.within_28_days') }},
            {{ count_mark('waits.after_28_days') }}
        ) as count_mark,
        {{ cancer_silver_provenance() }}
    from waits
    inner join vintages
        on {{ cancer_vintage_join() }}
    left join labels as routes
        on waits.route_label = routes.published_label
        and routes.label_kind = 'referral_route'
    left join labels as types
        on waits.type_label = types.published_label
        and types.label_kind = 'cancer_type'

)

select * from final
