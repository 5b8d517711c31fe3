with cancer_england as (

    select * from {{ ref('cancer_england_metrics') }}
    where basis = 'provider' and total_count is not null

),

trust_aggregates as (

    select * from {{ ref('cancer_trust_aggregates') }}

),

rtt_overview as (

    select * from {{ ref('rtt_overview') }}
    where not is_adjusted

),

rtt_england as (

    select * from {{ ref('rtt_metrics') }}
    where
        entity_level = 'england'
        and treatment_function_code = 'C_999'
        and not includes_nonc

),

-- Sums over trusts have no file of their own: they stand beside the published rows of
-- all cancers, routes and stages.
cancer_sums as (

    select
        period,
        metric,
        case
            when count(numerator) = count(*) then sum(numerator)
        end as within_target,
        case
            when count(denominator) = count(*) then sum(denominator)
        end as total_count
    from trust_aggregates
    group by period, metric

),

cancer_compared as (

    {% for measure, slice in [
        ('within_target', 'within the days of the standard'),
        ('total_count', 'counted'),
    ] %}
    select
        'cancer' as domain,
        england.period,
        england.period_start,
        {{ cancer_metric_id('england.metric') }} as metric_id,
        'all cancers, {{ slice }}' as measure,
        cast(england.{{ measure }} as {{ type_ratio() }}) as published_value,
        cast(sums.{{ measure }} as {{ type_ratio() }}) as our_value,
        0 as tolerance,
        england.source_table as published_in,
        england.source_file,
        england.is_example
    from cancer_england as england
    left join cancer_sums as sums
        on england.period = sums.period
        and england.metric = sums.metric
    where
        england.source_table in (
            'fds_all_routes',
            'treatment_31_day_all_cancers',
            'treatment_62_day_all_cancers'
        )
        and england.treatment_stage_code in ('all_stages', 'not_applicable')
        and england.referral_route_code = 'all_routes'
    union all
    {% endfor %}
    select
        'cancer' as domain,
        period,
        period_start,
        {{ cancer_metric_id('metric') }} as metric_id,
        cancer_type || ', ' || referral_route || ', counted' as measure,
        cast(total_count as {{ type_ratio() }}) as published_value,
        cast(summed_total_count as {{ type_ratio() }}) as our_value,
        0 as tolerance,
        source_table as published_in,
        source_file,
        is_example
    from cancer_england
    where
        source_table in (
            'fds_by_route', 'treatment_31_day_by_cancer', 'treatment_62_day_by_cancer'
        )
        and treatment_stage_code in ('all_stages', 'not_applicable')

),

-- The overview prints shares to a thousandth or finer and weeks to a tenth.
rtt_compared as (

    {% for metric_id, parts, measure, ours, published, tolerance in
        rtt_overview_comparisons() %}
    select
        'rtt' as domain,
        overview.period,
        overview.period_start,
        '{{ metric_id }}' as metric_id,
        overview.rtt_part_type || ', {{ measure }}' as measure,
        cast(overview.{{ published }} as {{ type_ratio() }}) as published_value,
        cast(england.{{ ours }} as {{ type_ratio() }}) as our_value,
        {{ tolerance }} as tolerance,
        'overview' as published_in,
        overview.source_file,
        overview.is_example
    from rtt_overview as overview
    left join rtt_england as england
        on overview.period = england.period
        and overview.rtt_part_type = england.rtt_part_type
    where
        overview.rtt_part_type in (
            {{ quoted(parts) }} -- noqa: LT05
        )
        and overview.{{ published }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

compared as (

    select * from cancer_compared
    union all
    select * from rtt_compared

),

final as (

    select
        domain,
        period,
        period_start,
        metric_id,
        measure,
        published_in,
        published_value,
        our_value,
        our_value - published_value as difference,
        case
            when our_value is null then 'not loaded'
            when our_value = published_value then 'equal'
            when abs(our_value - published_value) <= tolerance then 'equal as printed'
            else 'differs'
        end as reconciliation_status,
        source_file,
        is_example
    from compared

)

select * from final
