-- Rows of every file in silver are those the loader landed, and the pathways of the file
-- in force are those of England.
with vintages as (

    select * from {{ ref('silver_rtt__vintages') }}
    where source_table = 'full_extract'

),

landed as (

    select
        _file_id,
        load_id,
        sum(rows_read) as rows_read,
        sum(rows_landed) as rows_landed
    from {{ source('raw_rtt', 'file_tables') }}
    where source_table = 'full_extract'
    group by _file_id, load_id

),

found as (

    select
        file_id,
        count(*) as rows_found,
        sum(total_count) as total_count
    from {{ ref('silver_rtt__pathways') }}
    group by file_id

),

england as (

    select
        period,
        sum(coalesce(waiting_list_count, completed_count, new_periods_count))
        as total_count
    from {{ ref('rtt_metrics') }}
    where entity_level = 'england' and includes_nonc
    group by period

)

select
    vintages.period,
    vintages.file_id,
    landed.rows_read,
    landed.rows_landed,
    found.rows_found,
    found.total_count,
    england.total_count as england_total_count
from vintages
inner join landed
    on vintages.file_id = landed._file_id
    and vintages.load_id = landed.load_id
left join found
    on vintages.file_id = found.file_id
left join england
    on vintages.period = england.period
where
    landed.rows_read != landed.rows_landed
    or landed.rows_landed != coalesce(found.rows_found, 0)
    or (vintages.is_current and found.total_count != coalesce(england.total_count, 0))
