with partitions as (

    select * from {{ ref('silver_rtt__partitions') }}

),

metrics as (

    select
        period,
        partition_version,
        count(*) as row_count
    from {{ ref('rtt_metrics') }}
    group by period, partition_version

)

select
    partitions.period,
    metrics.period as period_found,
    metrics.partition_version,
    metrics.row_count
from partitions
full outer join metrics
    on partitions.period = metrics.period
    and partitions.partition_version = metrics.partition_version
where partitions.period is null or metrics.period is null
