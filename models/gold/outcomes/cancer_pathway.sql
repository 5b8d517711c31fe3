{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook=[
            "{{ delete_stale_partitions(ref('int_metric_partitions'), []) }}",
            "{{ hash_joins_only() }}",
        ],
        post_hook="{{ analyze_table() }}",
        indexes=[
            {'columns': ['org_code', 'period']},
            {'columns': ['partition_version']},
        ],
    )
}}

with insight_metrics as (

    select insight.* from {{ ref('insight_metrics_long') }} as insight
    where
        insight.domain = 'cancer'
        and {{ in_new_partitions('insight', ref('int_metric_partitions'), 'cancer') }}

),

labelled as (

    select
        *,
        case
            when referral_route = 'GAP' and cancer_type is null then 'gap'
            when referral_route = 'GAP' then 'gap by cancer type'
            when referral_route = 'ALL ROUTES' and cancer_type is null then 'overall'
            when referral_route = 'ALL ROUTES' then 'by cancer type'
            when cancer_type is null then 'by route'
            else 'by route and cancer type'
        end as breakdown
    from insight_metrics

),

-- All providers together, those with few people too.
england as (

    select
        metric_id,
        period,
        disagg_key,
        {{ ratio('sum(numerator)', 'sum(denominator)') }} as england_value
    from labelled
    group by metric_id, period, disagg_key

),

final as (

    select
        labelled.period,
        labelled.period_start,
        labelled.org_code,
        labelled.org_name,
        labelled.metric_id,
        labelled.breakdown,
        labelled.referral_route,
        labelled.cancer_type,
        labelled.value,
        labelled.numerator,
        labelled.denominator,
        labelled.valid_sample,
        labelled.target_value,
        labelled.target_met,
        labelled.percentile_overall,
        labelled.rank_overall,
        labelled.cohort_size_overall,
        labelled.cohort_median_overall,
        england.england_value,
        labelled.value - england.england_value as difference_from_england,
        labelled.disagg_key,
        labelled.release_status,
        labelled.is_example,
        labelled.last_refreshed_at,
        labelled.partition_version
    from labelled
    left join england
        on labelled.metric_id = england.metric_id
        and labelled.period = england.period
        and labelled.disagg_key = england.disagg_key

)

select * from final
