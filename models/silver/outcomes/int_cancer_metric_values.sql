{% set counts = ['within_target', 'total_count'] %}

-- Inlined, so that the month asked for reaches the index below.
with target_metrics as {{ inlined() }} (

    select * from {{ ref('cancer_target_metrics') }}
    where cancer_type_code != 'all_cancers'

),

trust_aggregates as (

    select * from {{ ref('cancer_trust_aggregates') }}

),

equity_gaps as (

    select * from {{ ref('cancer_equity_gaps') }}

),

by_route as (

    select
        period,
        metric,
        org_code,
        max(org_name) as org_name,
        referral_route,
        cast(null as {{ type_text() }}) as cancer_type,
        {{ sum_unless_withheld('within_target', counts) }} as numerator,
        {{ sum_unless_withheld('total_count', counts) }} as denominator,
        min(period_start) as period_start,
        max(release_status) as release_status,
        max(source_file) as source_file,
        max(case when is_example then 1 else 0 end) = 1 as is_example
    from target_metrics
    where referral_route_code != 'all_routes'
    group by period, metric, org_code, referral_route

),

-- The 28-day standard publishes no all-routes rows by cancer: its routes are summed.
by_type_over_routes as (

    select
        period,
        metric,
        org_code,
        max(org_name) as org_name,
        'ALL ROUTES' as referral_route,
        cancer_type,
        {{ sum_unless_withheld('within_target', counts) }} as numerator,
        {{ sum_unless_withheld('total_count', counts) }} as denominator,
        min(period_start) as period_start,
        max(release_status) as release_status,
        max(source_file) as source_file,
        max(case when is_example then 1 else 0 end) = 1 as is_example
    from target_metrics
    where metric = 3 and referral_route_code != 'all_routes'
    group by period, metric, org_code, cancer_type

),

-- What the 28-day table may print for all routes is in the sums already.
shares as {{ inlined() }} (

    select
        period,
        {{ cancer_metric_id('metric') }} as metric_id,
        org_code,
        org_name,
        referral_route,
        cancer_type,
        {{ ratio('within_target', 'total_count') }} as metric_value,
        within_target as numerator,
        total_count as denominator,
        false as is_rollup,
        period_start,
        release_status,
        source_file,
        is_example
    from target_metrics
    where metric != 3 or referral_route_code != 'all_routes'
    {% for sums, route, type in [
        ('trust_aggregates', "'ALL ROUTES'", "cast(null as " ~ type_text() ~ ")"),
        ('by_route', 'referral_route', 'cancer_type'),
        ('by_type_over_routes', 'referral_route', 'cancer_type'),
    ] %}
    union all
    select
        period,
        {{ cancer_metric_id('metric') }} as metric_id,
        org_code,
        org_name,
        {{ route }} as referral_route,
        {{ type }} as cancer_type,
        {{ ratio('numerator', 'denominator') }} as metric_value,
        numerator,
        denominator,
        true as is_rollup,
        period_start,
        release_status,
        source_file,
        is_example
    from {{ sums }}
    {% endfor %}

),

final as (

    select
        *,
        denominator as sample_size,
        case when is_rollup then 'weighted' end as rollup_method
    from shares
    union all
    select
        period,
        {{ cancer_gap_metric_id('metric') }} as metric_id,
        org_code,
        org_name,
        'GAP' as referral_route,
        case when cancer_type_code != 'all_cancers' then cancer_type end as cancer_type,
        gap as metric_value,
        null as numerator,
        null as denominator,
        true as is_rollup,
        period_start,
        release_status,
        source_file,
        is_example,
        usc_total_count as sample_size,
        'derived_gap' as rollup_method
    from equity_gaps

)

select * from final
