{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_cancer__vintages') }}

),

waits as (

    select * from {{ source('raw_cancer', 'legacy_waits') }}

),

-- What a table has no column for stands in its title.
final as (

    select
        {{ cancer_silver_keys() }},
        {{ clean_text('waits.published_title') }} as published_title,
        cast({{ nhs_count('waits.standard_days') }} as integer) as standard_days,
        nullif(upper({{ clean_text('waits.ons_area_id') }}), '') as ons_area_code,
        upper(coalesce(nullif({{ clean_text('waits.care_setting') }}, ''), 'ALL CARE'))
            as care_setting,
        {{ as_titled('waits.referral_route') }} as referral_route,
        {{ as_titled('waits.treatment_stage') }} as treatment_stage,
        {{ as_titled('waits.cancer_type') }} as cancer_type,
        {{ as_titled('waits.treatment_type') }} as treatment_type,
        {{ nhs_count('waits.total') }} as total_count,
        {{ nhs_count('waits.within_standard') }} as within_count,
        {{ nhs_count('waits.after_standard') }} as outside_count,
        {{ nhs_ratio('waits.pct_within_standard') }} as published_pct,
        {{ nhs_ratio_decimals('waits.pct_within_standard') }} as published_pct_decimals,
        waits.bands as published_bands,
        coalesce(
            {{ count_mark('waits.total') }},
            {{ count_mark('waits.within_standard') }},
            {{ count_mark('waits.after_standard') }}
        ) as count_mark,
        {{ cancer_silver_provenance() }}
    from waits
    inner join vintages
        on {{ cancer_vintage_join() }}

)

select * from final
