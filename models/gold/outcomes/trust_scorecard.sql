{{
    config(
        indexes=[{'columns': ['org_code']}],
        pre_hook="{{ hash_joins_only() }}",
    )
}}

-- The latest period of the metric, not of the trust: nobody is shown an old figure.
with periods as (

    select
        metric_id,
        period,
        row_number() over (
            partition by metric_id
            order by max(period_end) desc, max(period_start) desc
        ) as period_rank
    from {{ ref('int_metric_periods') }}
    group by metric_id, period

),

headlines as (

    select latest.* from {{ ref('insight_metrics_latest') }} as latest
    where latest.entity_level = 'provider' and {{ is_headline('latest') }}

),

benchmarks as (

    select * from {{ ref('cohort_benchmarks') }}

),

final as (

    select
        {% for column in insight_columns() if column not in [
            'referral_route', 'cancer_type', 'treatment_function_code', 'entity_level'
        ] %}
        headlines.{{ column }},
        {% endfor %}
        {% for kind, bound in [
            ('in_trust_type', ['trust_type']),
            ('in_subtype', ['trust_type', 'trust_subtype']),
        ] %}
        case
            when
                headlines.rank_overall is not null
                and headlines.{{ bound | last }} is not null
                then rank() over (
                    partition by
                        headlines.metric_id,
                        headlines.disagg_key,
                        headlines.rank_overall is null,
                        headlines.{{ bound | join(', headlines.') }}
                    order by headlines.rank_overall asc nulls last
                )
        end as rank_{{ kind }},
        {% endfor %}
        {% for point in ['min', 'q1', 'median', 'q3', 'max'] %}
        regions.cohort_{{ point }} as cohort_{{ point }}_in_region,
        {% endfor %}
        nation.cohort
    from headlines
    inner join periods
        on headlines.metric_id = periods.metric_id
        and headlines.period = periods.period
        and periods.period_rank = 1
    {% for alias, kind, name in [
        ('nation', 'overall', "'all'"), ('regions', 'in_region', 'headlines.region_name')
    ] %}
    left join benchmarks as {{ alias }}
        on headlines.metric_id = {{ alias }}.metric_id
        and headlines.period = {{ alias }}.period
        and headlines.disagg_key = {{ alias }}.disagg_key
        and {{ alias }}.cohort_kind = '{{ kind }}'
        and {{ alias }}.cohort_name = {{ name }}
    {% endfor %}

)

select * from final
