{% set counts = ['within_target', 'total_count'] %}
{% set is_usc = "referral_route_code = 'usc'" %}

with target_metrics as (

    select * from {{ ref('cancer_target_metrics') }}
    where metric in (3, 8) and cancer_type_code != 'all_cancers'

),

-- The 28-day standard publishes no all-routes rows by cancer: its routes are summed.
by_cancer as (

    select
        period,
        metric,
        metric_label,
        org_code,
        cancer_type_code,
        max(org_name) as org_name,
        max(cancer_type) as cancer_type,
        sum(case when {{ is_usc }} then within_target end) as usc_within_target,
        sum(case when {{ is_usc }} then total_count end) as usc_total_count,
        sum(case when {{ cancer_adds_up_to_all() }} then within_target end)
            as all_routes_within_target,
        sum(case when {{ cancer_adds_up_to_all() }} then total_count end)
            as all_routes_total_count,
        {{ withheld_count(counts, is_usc) }} as usc_withheld_count,
        {{ withheld_count(counts, cancer_adds_up_to_all()) }}
            as all_routes_withheld_count,
        min(period_start) as period_start,
        max(release_status) as release_status,
        max(source_file) as source_file,
        max(case when is_example then 1 else 0 end) = 1 as is_example
    from target_metrics
    group by period, metric, metric_label, org_code, cancer_type_code

),

all_cancers as (

    select
        period,
        metric,
        metric_label,
        org_code,
        'all_cancers' as cancer_type_code,
        max(org_name) as org_name,
        'ALL CANCERS' as cancer_type,
        sum(usc_within_target) as usc_within_target,
        sum(usc_total_count) as usc_total_count,
        sum(all_routes_within_target) as all_routes_within_target,
        sum(all_routes_total_count) as all_routes_total_count,
        sum(usc_withheld_count) as usc_withheld_count,
        sum(all_routes_withheld_count) as all_routes_withheld_count,
        min(period_start) as period_start,
        max(release_status) as release_status,
        max(source_file) as source_file,
        max(case when is_example then 1 else 0 end) = 1 as is_example
    from by_cancer
    group by period, metric, metric_label, org_code

),

both_levels as (

    select * from by_cancer
    union all
    select * from all_cancers

),

-- Without urgent suspected cancer referrals there is nothing to compare; where some are
-- withheld there may be, but nobody knows what.
compared as (

    select
        period,
        metric,
        metric_label,
        org_code,
        org_name,
        cancer_type_code,
        cancer_type,
        case when usc_withheld_count = 0 then usc_within_target end
            as usc_within_target,
        case when usc_withheld_count = 0 then usc_total_count end as usc_total_count,
        case when all_routes_withheld_count = 0 then all_routes_within_target end
            as all_routes_within_target,
        case when all_routes_withheld_count = 0 then all_routes_total_count end
            as all_routes_total_count,
        period_start,
        release_status,
        source_file,
        is_example
    from both_levels
    where
        (usc_total_count > 0 or usc_withheld_count > 0)
        and (all_routes_total_count > 0 or all_routes_withheld_count > 0)

),

final as (

    select
        period,
        metric,
        metric_label,
        org_code,
        org_name,
        cancer_type_code,
        cancer_type,
        usc_within_target,
        usc_total_count,
        all_routes_within_target,
        all_routes_total_count,
        {{ ratio('usc_within_target', 'usc_total_count') }} as pct_usc,
        {{ ratio('all_routes_within_target', 'all_routes_total_count') }}
            as pct_all_routes,
        {{ ratio('usc_within_target', 'usc_total_count') }}
        - {{ ratio('all_routes_within_target', 'all_routes_total_count') }} as gap,
        period_start,
        release_status,
        source_file,
        is_example
    from compared

)

select * from final
