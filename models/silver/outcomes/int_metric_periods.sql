{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ delete_stale_partitions(ref('int_metric_partitions'), []) }}",
        indexes=[{'columns': ['partition_version']}],
    )
}}

with insight_metrics as (

    select insight.* from {{ ref('insight_metrics_long') }} as insight
    where {{ in_new_partitions('insight', ref('int_metric_partitions')) }}

),

final as (

    select
        domain,
        period,
        metric_id,
        disagg_key,
        min(period_start) as period_start,
        max(period_end) as period_end,
        count(*) as value_count,
        sum(case when is_example then 1 else 0 end) as example_count,
        partition_version
    from insight_metrics
    group by domain, period, metric_id, disagg_key, partition_version

)

select * from final
