{{ config(
    indexes=[{'columns': ['org_code']}, {'columns': ['metric_id']}],
    post_hook="{{ analyze_table() }}",
) }}

with periods as (

    select
        metric_id,
        disagg_key,
        period,
        row_number() over (
            partition by metric_id, disagg_key
            order by period_end desc, period_start desc
        ) as period_rank
    from {{ ref('int_metric_periods') }}

),

insight_metrics as (

    select * from {{ ref('insight_metrics_long') }}

),

final as (

    select
    {% for column in insight_columns() %}
        insight_metrics.{{ column }}{{ ',' if not loop.last }}
    {% endfor %}
    from periods
    inner join insight_metrics
        on periods.metric_id = insight_metrics.metric_id
        and periods.period = insight_metrics.period
        and periods.disagg_key = insight_metrics.disagg_key
    where periods.period_rank = 1

)

select * from final
