with fds_waits as (

    select * from {{ ref('silver_cancer__fds_waits') }}

),

treatment_31_day_waits as (

    select * from {{ ref('silver_cancer__treatment_31_day_waits') }}

),

treatment_62_day_waits as (

    select * from {{ ref('silver_cancer__treatment_62_day_waits') }}

),

-- The 28-day standard has no treatment; its routes are those of referral.
fds as (

    select
        period,
        3 as metric,
        '28_day_faster_diagnosis' as metric_label,
        basis,
        source_table,
        org_code,
        org_name,
        'not_applicable' as treatment_stage_code,
        cast(null as {{ type_text() }}) as treatment_stage,
        referral_route_code,
        referral_route,
        cancer_type_code,
        cancer_type,
        'all_modalities' as treatment_modality_code,
        'ALL MODALITIES' as treatment_modality,
        total_count,
        within_count,
        outside_count,
        published_pct,
        published_pct_decimals,
        is_national,
        source_table = 'fds_by_route' as is_target_row,
        is_current,
        is_example,
        period_start,
        release_status,
        file_id,
        source_file,
        source_sheet,
        source_row
    from fds_waits

),

-- The 31-day standard is published by stage, never by route: that is all routes.
treatment_31_day as (

    select
        period,
        5 as metric,
        '31_day_decision_to_treat_to_treatment' as metric_label,
        basis,
        source_table,
        org_code,
        org_name,
        treatment_stage_code,
        treatment_stage,
        'all_routes' as referral_route_code,
        'ALL ROUTES' as referral_route,
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
        source_table = 'treatment_31_day_by_cancer'
        and treatment_stage_code = 'all_stages' as is_target_row,
        is_current,
        is_example,
        period_start,
        release_status,
        file_id,
        source_file,
        source_sheet,
        source_row
    from treatment_31_day_waits

),

treatment_62_day as (

    select
        period,
        8 as metric,
        '62_day_referral_to_treatment' as metric_label,
        basis,
        source_table,
        org_code,
        org_name,
        'not_applicable' as treatment_stage_code,
        cast(null as {{ type_text() }}) as treatment_stage,
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
        source_table = 'treatment_62_day_by_cancer' as is_target_row,
        is_current,
        is_example,
        period_start,
        release_status,
        file_id,
        source_file,
        source_sheet,
        source_row
    from treatment_62_day_waits

),

final as (

    select * from fds
    union all
    select * from treatment_31_day
    union all
    select * from treatment_62_day

)

select * from final
