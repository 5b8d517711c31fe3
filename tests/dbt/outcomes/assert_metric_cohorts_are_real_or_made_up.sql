-- Made-up figures of the examples and real ones never stand in one cohort, and never
-- both among the latest of a metric.
with periods as (

    select * from {{ ref('int_metric_periods') }}
    where example_count > 0

),

latest as (

    select
        metric_id,
        disagg_key,
        max(case when is_example then 1 else 0 end) as has_example
    from {{ ref('insight_metrics_latest') }}
    group by metric_id, disagg_key

),

with_real_values as (

    select
        metric_id,
        disagg_key
    from {{ ref('int_metric_periods') }}
    where example_count = 0
    group by metric_id, disagg_key

)

select
    metric_id,
    disagg_key,
    period
from periods
where example_count != value_count
union all
select
    latest.metric_id,
    latest.disagg_key,
    'latest' as period
from latest
inner join with_real_values
    on latest.metric_id = with_real_values.metric_id
    and latest.disagg_key = with_real_values.disagg_key
where latest.has_example = 1
