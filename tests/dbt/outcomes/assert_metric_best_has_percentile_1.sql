-- In every cohort the best value has percentile 1 unless it is shared, and the worst 0,
-- whichever direction is better: an inverted percentile would put the worst at 1.
with ranked as (

    select
        *,
        case when higher_is_better then cohort_max_overall else cohort_min_overall end
            as best_value,
        case when higher_is_better then cohort_min_overall else cohort_max_overall end
            as worst_value
    from {{ ref('insight_metrics_long') }}
    where percentile_overall is not null

),

counted as (

    select
        *,
        sum(case when value = best_value then 1 else 0 end)
            over (partition by metric_id, period, disagg_key)
            as best_count
    from ranked

)

select
    metric_id,
    period,
    org_code,
    disagg_key,
    value,
    percentile_overall,
    rank_overall
from counted
where
    (value = best_value) != (rank_overall = 1)
    or (value = worst_value) != (percentile_overall = 0)
    or (value = best_value and best_count = 1) != (percentile_overall = 1)
