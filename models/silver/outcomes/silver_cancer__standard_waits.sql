with standard_vintages as (

    select * from {{ ref('silver_cancer__standard_vintages') }}
    where is_current

),

final as (

    select
        period,
        metric,
        metric_label,
        basis,
        source_table,
        org_code,
        org_name,
        treatment_stage_code,
        treatment_stage,
        referral_route_code,
        referral_route,
        cancer_type_code,
        cancer_type,
        treatment_modality_code,
        treatment_modality,
        total_count,
        within_count,
        outside_count,
        published_pct,
        published_pct_decimals,
        is_national,
        is_target_row,
        is_example,
        period_start,
        release_status,
        file_id,
        source_file,
        source_sheet,
        source_row
    from standard_vintages

)

select * from final
