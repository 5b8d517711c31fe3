{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_cancer__vintages') }}

),

waits as (

    select
        *,
        {{ cancer_legacy_table() }} as published_table
    from {{ source('raw_cancer', 'legacy_waits') }}

),

final as (

    select
        {{ cancer_silver_keys() }},
        waits.published_table,
        trim(waits.published_title) as published_title,
        cast({{ nhs_number('waits.standard_days') }} as integer) as standard_days,
        nullif(upper(trim(waits.ons_area_id)), '') as ons_area_code,
        upper(coalesce(nullif(trim(waits.care_setting), ''), 'ALL CARE'))
            as care_setting,
        coalesce(nullif(trim(waits.referral_route), ''), 'ALL ROUTES')
            as referral_route,
        coalesce(nullif(trim(waits.treatment_stage), ''), 'ALL STAGES')
            as treatment_stage,
        coalesce(nullif(trim(waits.cancer_type), ''), 'ALL CANCERS') as cancer_type,
        coalesce(nullif(trim(waits.treatment_type), ''), 'ALL TREATMENTS')
            as treatment_type,
        {{ nhs_number('waits.total') }} as total_count,
        {{ nhs_number('waits.within_standard') }} as within_count,
        {{ nhs_number('waits.after_standard') }} as outside_count,
        {{ nhs_ratio('waits.pct_within_standard') }} as published_pct,
        {{ nhs_ratio_decimals('waits.pct_within_standard') }} as published_pct_decimals,
        waits.bands as published_bands,
        {{ nhs_mark('waits.total') }} as total_mark,
        {{ cancer_silver_provenance() }}
    from waits
    inner join vintages
        on {{ cancer_vintage_join() }}
        and waits.published_table = vintages.published_table

)

select * from final
