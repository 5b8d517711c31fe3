with cancer_england as (

    select * from {{ ref('cancer_england_metrics') }}
    where basis = 'provider' and total_count is not null

),

trust_aggregates as (

    select * from {{ ref('cancer_trust_aggregates') }}

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

final as (

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

)

select * from final
