{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_rtt__vintages') }}
    where source_table = 'full_extract' and is_current

),

-- What computes the rows of a partition, as a hash: see macros/partitions.sql.
final as (

    select
        period,
        {{ dbt.hash(
            "file_id || ' ' || load_id || ' ' || source_file || ' ' || release_status"
            " || ' " ~ rtt_metrics_version() ~ "'"
        ) }} as partition_version,
        file_id,
        period_start,
        period_end,
        release_status,
        source_file,
        is_example
    from vintages

)

select * from final
