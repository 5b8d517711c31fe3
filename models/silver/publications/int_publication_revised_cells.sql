{{ config(materialized='table') }}

with competing as (

    select
        source_table,
        basis,
        is_example,
        compared_period,
        edition_number,
        file_id,
        table_key,
        column_count,
        coalesce(position_1, 0) as position_1,
        coalesce(position_2, 0) as position_2,
        coalesce(position_3, 0) as position_3,
        text_1,
        text_2,
        text_3
    from {{ ref('int_publication_edition_periods') }}
    where edition_count > 1

),

table_columns as (

    select * from {{ source('raw_publications', 'table_columns') }}

),

cells as (

    {% for width in landed_widths() -%}
    {{ landed_cells('competing', width) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        cells.source_table,
        cells.basis,
        cells.is_example,
        cells.compared_period,
        cells.edition_number,
        cells.file_id,
        cells.table_key,
        cells.source_row,
        table_columns.column_name,
        table_columns.published_name,
        table_columns.role as column_role,
        cells.position in (cells.position_1, cells.position_2, cells.position_3)
        or table_columns.column_name = 'published_period' as is_own_period,
        {{ clean_text('cells.published_value') }} as published_value
    from cells
    inner join table_columns
        on cells.table_key = table_columns.table_key
        and cells.position = table_columns.position

)

select * from final
