{{ config(materialized='view') }}

with standard_vintages as (

    select * from {{ ref('silver_cancer__standard_vintages') }}

),

-- The national row is printed under other names and signs in other years.
final as (

    select
        period,
        metric,
        metric_label,
        basis,
        case when is_national then 'ENGLAND' else org_code end as org_code,
        org_name,
        coalesce(treatment_stage, 'not applicable') as treatment_stage,
        referral_route,
        cancer_type,
        treatment_modality,
        within_count as within_target,
        total_count,
        {{ ratio('within_count', 'total_count') }} as pct_within_target,
        is_current,
        is_example,
        release_status,
        source_table,
        source_file,
        source_sheet,
        source_row
    from standard_vintages

)

select * from final
