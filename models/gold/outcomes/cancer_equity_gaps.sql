with target_metrics as (

    select * from {{ ref('cancer_target_metrics') }}
    where metric in (3, 8)

),

-- The 28-day standard publishes no all-routes rows by cancer: its routes are summed.
by_cancer as (

    select
        period,
        metric,
        metric_label,
        org_code,
        org_name,
        cancer_type_code,
        cancer_type,
        period_start,
        release_status,
        source_file,
        sum(case when referral_route_code = 'usc' then within_target end)
            as usc_within_target,
        sum(case when referral_route_code = 'usc' then total_count end)
            as usc_total_count,
        sum(case when {{ cancer_adds_up_to_all() }} then within_target end)
            as all_routes_within_target,
        sum(case when {{ cancer_adds_up_to_all() }} then total_count end)
            as all_routes_total_count
    from target_metrics
    group by
        period,
        metric,
        metric_label,
        org_code,
        org_name,
        cancer_type_code,
        cancer_type,
        period_start,
        release_status,
        source_file

),

all_cancers as (

    select
        period,
        metric,
        metric_label,
        org_code,
        org_name,
        'all_cancers' as cancer_type_code,
        'ALL CANCERS' as cancer_type,
        period_start,
        release_status,
        source_file,
        sum(usc_within_target) as usc_within_target,
        sum(usc_total_count) as usc_total_count,
        sum(all_routes_within_target) as all_routes_within_target,
        sum(all_routes_total_count) as all_routes_total_count
    from by_cancer
    group by
        period,
        metric,
        metric_label,
        org_code,
        org_name,
        period_start,
        release_status,
        source_file

),

both_levels as (

    select * from by_cancer
    union all
    select * from all_cancers

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
        source_file
    from both_levels
    -- Without urgent suspected cancer referrals there is nothing to compare.
    where usc_total_count > 0 and all_routes_total_count > 0

)

select * from final
