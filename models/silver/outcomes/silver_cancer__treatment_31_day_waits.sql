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
        {{ cancer_treatment_stage() }} as stage_label,
        {{ cancer_type('cancer_type') }} as type_label,
        {{ cancer_treatment_modality() }} as modality_label
    from {{ source('raw_cancer', 'treatment_31_day_waits') }}

),

final as (

    select
        {{ cancer_silver_keys() }},
        stages.code as treatment_stage_code,
        stages.label as treatment_stage,
        types.code as cancer_type_code,
        types.label as cancer_type,
        modalities.code as treatment_modality_code,
        modalities.label as treatment_modality,
        {{ nhs_count('waits.total') }} as total_count,
        {{ nhs_count('waits.within_31_days') }} as within_count,
        {{ nhs_count('waits.after_31_days') }} as outside_count,
        {{ nhs_count('waits.band_within_31_days') }} as within_31_days_count,
        {{ nhs_count('waits.band_32_to_38_days') }} as from_32_to_38_days_count,
        {{ nhs_count('waits.band_39_to_48_days') }} as from_39_to_48_days_count,
        {{ nhs_count('waits.band_49_to_62_days') }} as from_49_to_62_days_count,
        {{ nhs_count('waits.band_after_62_days') }} as after_62_days_count,
        {{ nhs_ratio('waits.pct_within_31_days') }} as published_pct,
        {{ nhs_ratio_decimals('waits.pct_within_31_days') }} as published_pct_decimals,
        coalesce(
            {{ count_mark('waits.total') }},
            {{ count_mark('waits.within_31_days') }},
            {{ count_mark('waits.after_31_days') }}
        ) as count_mark,
        {{ cancer_silver_provenance() }}
    from waits
    inner join vintages
        on {{ cancer_vintage_join() }}
    left join labels as stages
        on waits.stage_label = stages.published_label
        and stages.label_kind = 'treatment_stage'
    left join labels as types
        on waits.type_label = types.published_label
        and types.label_kind = 'cancer_type'
    left join labels as modalities
        on waits.modality_label = modalities.published_label
        and modalities.label_kind = 'treatment_modality'

)

select * from final
