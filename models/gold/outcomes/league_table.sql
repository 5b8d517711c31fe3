{{ config(pre_hook="{{ hash_joins_only() }}") }}

with insight_metrics as (

    select latest.* from {{ ref('insight_metrics_latest') }} as latest
    where
        latest.rank_overall is not null
        and latest.entity_level != 'england'
        and {{ is_headline('latest') }}

),

benchmarks as (

    select * from {{ ref('cohort_benchmarks') }}
    where cohort_kind = 'overall'

),

final as (

    select
        insight_metrics.metric_id,
        insight_metrics.metric_label,
        insight_metrics.domain,
        insight_metrics.disagg_key,
        insight_metrics.rtt_part_type,
        insight_metrics.entity_level,
        insight_metrics.period,
        insight_metrics.period_start,
        insight_metrics.period_end,
        insight_metrics.rank_overall,
        insight_metrics.org_code,
        insight_metrics.org_name,
        insight_metrics.region_name,
        insight_metrics.trust_type,
        insight_metrics.trust_subtype,
        insight_metrics.value,
        insight_metrics.unit,
        insight_metrics.numerator,
        insight_metrics.denominator,
        insight_metrics.target_value,
        insight_metrics.target_met,
        insight_metrics.higher_is_better,
        insight_metrics.percentile_overall,
        benchmarks.cohort,
        insight_metrics.cohort_size_overall,
        insight_metrics.cohort_min_overall,
        insight_metrics.cohort_q1_overall,
        insight_metrics.cohort_median_overall,
        insight_metrics.cohort_q3_overall,
        insight_metrics.cohort_max_overall,
        insight_metrics.is_example
    from insight_metrics
    inner join benchmarks
        on insight_metrics.metric_id = benchmarks.metric_id
        and insight_metrics.period = benchmarks.period
        and insight_metrics.disagg_key = benchmarks.disagg_key

)

select * from final
order by metric_id, disagg_key, rank_overall, org_code
