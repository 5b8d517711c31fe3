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
        trim(waits.published_title) as published_title,
        cast({{ nhs_number('waits.standard_days') }} as integer) as standard_days,
        nullif(upper(trim(waits.ons_area_id)), '') as ons_area_code,
        upper(coalesce(nullif(trim(waits.care_setting), ''), 'ALL CARE'))
            as care_setting,
        coalesce(nullif(trim(waits.referral_route), ''), 'AS TITLED') as referral_route,
        coalesce(nullif(trim(waits.treatment_stage), ''), 'AS TITLED')
            as treatment_stage,
        coalesce(nullif(trim(waits.cancer_type), ''), 'AS TITLED') as cancer_type,
        coalesce(nullif(trim(waits.treatment_type), ''), 'AS TITLED') as treatment_type,
        {{ nhs_number('waits.total') }} as total_count,
        {{ nhs_number('waits.within_standard') }} as within_count,
        {{ nhs_number('waits.after_standard') }} as outside_count,
        {{ nhs_ratio('waits.pct_within_standard') }} as published_pct,
        {{ nhs_ratio_decimals('waits.pct_within_standard') }} as published_pct_decimals,
        waits.bands as published_bands,
        coalesce(
            {{ nhs_mark('waits.total') }},
            {{ nhs_mark('waits.within_standard') }},
            {{ nhs_mark('waits.after_standard') }}
        ) as count_mark,
        {{ cancer_silver_provenance() }}
    from waits
    inner join vintages
        on {{ cancer_vintage_join() }}

)

select * from final
