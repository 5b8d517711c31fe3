{{ config(materialized='table') }}

with file_tables as (

    select * from {{ source('raw_publications', 'file_tables') }}

),

table_details as (

    select * from {{ source('raw_publications', 'table_details') }}

),

table_columns as (

    select * from {{ source('raw_publications', 'table_columns') }}

),

counts as (

    {% for width in landed_widths() %}
    select
        _table_key as table_key,
        count(*) as row_count
    from {{ source('raw_publications', 'rows_' ~ width ~ '_landed') }}
    group by _table_key
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- Periods that stood side by side became rows: one of each per row of the sheet.
period_columns as (

    select
        table_details.table_key,
        table_columns.position
    from table_details
    inner join table_columns
        on table_details.table_key = table_columns.table_key
    where
        table_details.is_wide
        and table_columns.column_name = 'published_period'

),

published_periods as (

    {% for width in landed_widths() %}
    select
        landed._table_key as table_key,
        {{ landed_cell('landed', 'period_columns.position', width) }}
            as published_period
    from period_columns
    inner join {{ source('raw_publications', 'rows_' ~ width ~ '_landed') }} as landed
        on period_columns.table_key = landed._table_key
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

periods as (

    select
        table_key,
        count(distinct published_period) as period_count
    from published_periods
    group by table_key

),

final as (

    select
        file_tables.table_key,
        coalesce(counts.row_count, 0) as row_count,
        coalesce(periods.period_count, 1) as period_count
    from file_tables
    left join counts
        on file_tables.table_key = counts.table_key
    left join periods
        on file_tables.table_key = periods.table_key

)

select * from final
