{{ config(
    indexes=[{'columns': ['org_code']}, {'columns': ['metric_id']}],
    pre_hook="{{ hash_joins_only() }}",
    post_hook="{{ analyze_table() }}",
) }}

with ranked_periods as (

    select
        metric_id,
        disagg_key,
        partition_version,
        row_number() over (
            partition by metric_id, disagg_key
            order by
                case when example_count > 0 then 1 else 0 end asc,
                period_end desc,
                period_start desc,
                period desc
        ) as period_rank
    from {{ ref('int_metric_periods') }}

),

periods as (

    select * from ranked_periods
    where period_rank = 1

),

-- Only partitions that hold a latest period are read, however many months there are.
insight_metrics as (

    select insight.* from {{ ref('insight_metrics_long') }} as insight
    where {{ is_one_of('insight.partition_version', 'periods') }}

),

final as (

    select
    {% for column in insight_columns() %}
        insight_metrics.{{ column }}{{ ',' if not loop.last }}
    {% endfor %}
    from periods
    inner join insight_metrics
        on periods.partition_version = insight_metrics.partition_version
        and periods.metric_id = insight_metrics.metric_id
        and periods.disagg_key = insight_metrics.disagg_key

)

select * from final
