with waits as (

    select * from {{ ref('silver_cancer__standard_waits') }}
    where
        source_table in (
            'treatment_31_day_by_modality', 'treatment_62_day_by_modality'
        )
        and not is_national

),

final as (

    select
        period,
        basis,
        metric,
        metric_label,
        org_code,
        org_name,
        treatment_stage_code,
        treatment_stage,
        referral_route_code,
        referral_route,
        treatment_modality_code,
        treatment_modality,
        within_count as within_target,
        outside_count as outside_target,
        total_count,
        {{ ratio('within_count', 'total_count') }} as pct_within_target,
        period_start,
        release_status,
        source_file,
        source_sheet,
        source_row
    from waits

)

select * from final
