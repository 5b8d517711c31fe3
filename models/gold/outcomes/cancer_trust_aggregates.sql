with target_metrics as (

    select * from {{ ref('cancer_target_metrics') }}
    where {{ cancer_adds_up_to_all() }}

),

standards as (

    select * from {{ ref('metric_targets') }}
    where target_kind = 'standard'

),

ambitions as (

    select * from {{ ref('metric_targets') }}
    where target_kind = 'ambition'

),

summed as (

    select
        period,
        metric,
        metric_label,
        org_code,
        max(org_name) as org_name,
        {{ sum_unless_withheld('within_target', ['within_target', 'total_count']) }}
            as numerator,
        {{ sum_unless_withheld('total_count', ['within_target', 'total_count']) }}
            as denominator,
        min(period_start) as period_start,
        max(release_status) as release_status,
        max(source_file) as source_file,
        max(case when is_example then 1 else 0 end) = 1 as is_example
    from target_metrics
    group by period, metric, metric_label, org_code

),

final as (

    select
        summed.period,
        summed.metric,
        summed.metric_label,
        summed.org_code,
        summed.org_name,
        summed.numerator,
        summed.denominator,
        {{ ratio('summed.numerator', 'summed.denominator') }} as pct_within_target,
        standards.target_value as target_pct,
        ambitions.target_value as ambition_pct,
        {{ ratio('summed.numerator', 'summed.denominator') }} >= standards.target_value
            as is_target_met,
        {{ ratio('summed.numerator', 'summed.denominator') }} >= ambitions.target_value
            as is_ambition_met,
        summed.period_start,
        summed.release_status,
        summed.source_file,
        summed.is_example
    from summed
    left join standards
        on {{ cancer_metric_id('summed.metric') }} = standards.metric_id
        and summed.period_start >= standards.valid_from
        and summed.period_start <= coalesce(standards.valid_to, summed.period_start)
    left join ambitions
        on {{ cancer_metric_id('summed.metric') }} = ambitions.metric_id
        and summed.period_start >= ambitions.valid_from
        and summed.period_start <= coalesce(ambitions.valid_to, summed.period_start)

)

select * from final
