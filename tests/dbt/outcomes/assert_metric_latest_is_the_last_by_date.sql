-- No row of the long table is later than the latest one of its metric and
-- disaggregation.
with insight_metrics as (

    select
        metric_id,
        disagg_key,
        max(period_end) as last_period_end
    from {{ ref('insight_metrics_long') }}
    group by metric_id, disagg_key

),

latest as (

    select
        metric_id,
        disagg_key,
        min(period_end) as shown_period_end
    from {{ ref('insight_metrics_latest') }}
    group by metric_id, disagg_key

)

select
    insight_metrics.metric_id,
    insight_metrics.disagg_key,
    insight_metrics.last_period_end,
    latest.shown_period_end
from insight_metrics
left join latest
    on insight_metrics.metric_id = latest.metric_id
    and insight_metrics.disagg_key = latest.disagg_key
where
    latest.shown_period_end is null
    or latest.shown_period_end != insight_metrics.last_period_end
