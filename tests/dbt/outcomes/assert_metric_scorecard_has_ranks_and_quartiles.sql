-- A trust with enough people has rank, percentile and quartiles in each cohort it is
-- in: roll-ups are ranked like published rows, and none of them is left out.
with scorecard as (

    select * from {{ ref('trust_scorecard') }}

),

trust_aggregates as (

    select
        *,
        {{ cancer_metric_id('metric') }} as metric_id,
        max(period_start) over (partition by metric) as last_period_start
    from {{ ref('cancer_trust_aggregates') }}

),

missing_roll_ups as (

    select
        trust_aggregates.org_code,
        trust_aggregates.metric_id,
        'no row' as disagg_key
    from trust_aggregates
    left join scorecard
        on trust_aggregates.metric_id = scorecard.metric_id
        and trust_aggregates.org_code = scorecard.org_code
    where
        trust_aggregates.period_start = trust_aggregates.last_period_start
        and trust_aggregates.pct_within_target is not null
        and scorecard.value is null

),

without_ranks as (

    select
        org_code,
        metric_id,
        disagg_key
    from scorecard
    where
        valid_sample
        and higher_is_better is not null
        and (
            rank_overall is null
            or cohort_median_overall is null
            or cohort is null
            or (trust_type is not null and cohort_median_in_trust_type is null)
            or (trust_type is not null and rank_in_trust_type is null)
            or (
                trust_type is not null
                and trust_subtype is not null
                and cohort_median_in_subtype is null
            )
            or (region_name is not null and cohort_median_in_region is null)
            or (cohort_size_overall > 1 and percentile_overall is null)
        )

)

select * from missing_roll_ups
union all
select * from without_ranks
