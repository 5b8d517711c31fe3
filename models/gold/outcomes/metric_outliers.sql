with insight_metrics as (

    select * from {{ ref('insight_metrics_latest') }}
    where
        cohort_size_overall >= 10
        and (percentile_overall <= 0.1 or percentile_overall >= 0.9)

),

fences as (

    select
        *,
        cohort_q1_overall - 1.5 * (cohort_q3_overall - cohort_q1_overall)
            as lower_fence,
        cohort_q3_overall + 1.5 * (cohort_q3_overall - cohort_q1_overall)
            as upper_fence
    from insight_metrics

),

final as (

    select
        metric_id,
        metric_label,
        domain,
        disagg_key,
        entity_level,
        period,
        period_start,
        period_end,
        org_code,
        org_name,
        region_name,
        trust_type,
        trust_subtype,
        value,
        unit,
        numerator,
        denominator,
        higher_is_better,
        percentile_overall,
        rank_overall,
        cohort_size_overall,
        cohort_median_overall,
        case when percentile_overall >= 0.9 then 'best' else 'worst' end
            as outlier_side,
        lower_fence,
        upper_fence,
        value < lower_fence or value > upper_fence as is_outside_fences,
        is_example
    from fences

)

select * from final
