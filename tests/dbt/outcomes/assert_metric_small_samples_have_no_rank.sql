-- A row that is too small keeps its value, has no percentile, and is in nobody's
-- cohort: the cohort is as large as the number of its ranked rows.
with insight_metrics as (

    select * from {{ ref('insight_metrics_long') }}

),

cohorts as (

    select
        metric_id,
        period,
        disagg_key,
        sum(case when valid_sample then 1 else 0 end) as valid_count,
        count(rank_overall) as ranked_count,
        sum(
            case when not valid_sample and rank_overall is not null then 1 else 0 end
        ) as small_and_ranked,
        min(cohort_size_overall) as smallest_size,
        max(cohort_size_overall) as largest_size,
        max(case when higher_is_better is null then 1 else 0 end) as has_no_direction
    from insight_metrics
    group by metric_id, period, disagg_key

)

select * from cohorts
where
    small_and_ranked > 0
    or (has_no_direction = 1 and ranked_count > 0)
    or (
        has_no_direction = 0
        and (
            valid_count != ranked_count
            or coalesce(smallest_size, 0) != ranked_count
            or coalesce(largest_size, 0) != ranked_count
        )
    )
