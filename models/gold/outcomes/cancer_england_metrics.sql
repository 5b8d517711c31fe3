{% set counts = ['within_count', 'outside_count', 'total_count'] %}

with standard_waits as (

    select * from {{ ref('silver_cancer__standard_waits') }}

),

-- The published national row, and beside it what its organisations add up to.
grouped as (

    select
        period,
        basis,
        source_table,
        metric,
        metric_label,
        treatment_stage_code,
        referral_route_code,
        cancer_type_code,
        treatment_modality_code,
        max(treatment_stage) as treatment_stage,
        max(referral_route) as referral_route,
        max(cancer_type) as cancer_type,
        max(treatment_modality) as treatment_modality,
        sum(case when is_national then within_count end) as within_target,
        sum(case when is_national then outside_count end) as outside_target,
        sum(case when is_national then total_count end) as total_count,
        {{ sum_unless_withheld('within_count', counts, 'not is_national') }}
            as summed_within_target,
        {{ sum_unless_withheld('outside_count', counts, 'not is_national') }}
            as summed_outside_target,
        {{ sum_unless_withheld('total_count', counts, 'not is_national') }}
            as summed_total_count,
        sum(case when is_national then 0 else 1 end) as organisation_count,
        min(period_start) as period_start,
        max(release_status) as release_status,
        max(source_file) as source_file,
        max(source_sheet) as source_sheet,
        max(case when is_national then source_row end) as source_row,
        max(case when is_example then 1 else 0 end) = 1 as is_example
    from standard_waits
    group by
        period,
        basis,
        source_table,
        metric,
        metric_label,
        treatment_stage_code,
        referral_route_code,
        cancer_type_code,
        treatment_modality_code

),

final as (

    select
        period,
        basis,
        source_table,
        metric,
        metric_label,
        treatment_stage_code,
        treatment_stage,
        referral_route_code,
        referral_route,
        cancer_type_code,
        cancer_type,
        treatment_modality_code,
        treatment_modality,
        within_target,
        outside_target,
        total_count,
        {{ ratio('within_target', 'total_count') }} as pct_within_target,
        summed_within_target,
        summed_outside_target,
        summed_total_count,
        organisation_count,
        coalesce(
            within_target = summed_within_target
            and outside_target = summed_outside_target
            and total_count = summed_total_count,
            false
        ) as is_sum_of_organisations,
        period_start,
        release_status,
        source_file,
        source_sheet,
        source_row,
        is_example
    from grouped

)

select * from final
