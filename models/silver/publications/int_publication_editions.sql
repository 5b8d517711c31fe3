{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

file_tables as (

    select * from {{ source('raw_publications', 'file_tables') }}

),

table_columns as (

    select * from {{ source('raw_publications', 'table_columns') }}

),

-- A row carries its own period in columns of that role, or in a date among its
-- dimensions. Of periods that stood side by side the loader gives first and last day.
period_columns as (

    select
        table_key,
        position,
        row_number() over (partition by table_key order by position) as place
    from table_columns
    where
        (role = 'period' or (role = 'dimension' and value_kind = 'date'))
        and column_name != 'published_period'

),

positions as (

    select
        table_key,
        max(case when place = 1 then position end) as position_1,
        max(case when place = 2 then position end) as position_2,
        max(case when place = 3 then position end) as position_3
    from period_columns
    group by table_key

),

widths as (

    select
        table_key,
        count(*) as column_count
    from table_columns
    group by table_key

),

final as (

    select
        file_tables.table_key,
        vintages.source_table,
        vintages.basis,
        vintages.file_id,
        vintages.period_start,
        vintages.period_end,
        vintages.period,
        vintages.vintage_rank,
        vintages.is_example,
        widths.column_count,
        positions.position_1,
        positions.position_2,
        positions.position_3,
        positions.table_key is not null as has_own_period,
        count(*) over (
            partition by vintages.source_table, vintages.basis, vintages.is_example
        ) as tables_of_series,
        count(*) over (
            partition by
                vintages.source_table,
                vintages.basis,
                vintages.is_example,
                vintages.period_start,
                vintages.period_end
        ) as tables_of_period
    from vintages
    inner join file_tables
        on vintages.file_id = file_tables._file_id
        and vintages.load_id = file_tables.load_id
        and vintages.source_table = file_tables.source_table
        and vintages.basis = coalesce(file_tables.basis, 'all')
    inner join widths
        on file_tables.table_key = widths.table_key
    left join positions
        on file_tables.table_key = positions.table_key

)

select * from final
