{{ config(materialized='table') }}

with cells as (

    select * from {{ ref('int_publication_revised_cells') }}

),

names_with_codes as (

    select
        names.table_key,
        names.column_name
    from {{ source('raw_publications', 'table_columns') }} as names
    inner join {{ source('raw_publications', 'table_columns') }} as codes
        on names.table_key = codes.table_key
        and {{ code_column_of('names.column_name') }} = codes.column_name
    where names.column_name != codes.column_name

),

-- A row is known by its dimensions. A name beside a code is none: its spelling changes
-- where the code does not.
keyed as (

    select
        cells.source_table,
        cells.basis,
        cells.is_example,
        cells.compared_period,
        cells.edition_number,
        cells.file_id,
        cells.table_key,
        cells.source_row,
        coalesce(
            {{ ordered_list(
                "case when cells.column_role != 'measure' and not cells.is_own_period"
                ~ " and names_with_codes.column_name is null"
                ~ " then cells.column_name || '=' || lower(coalesce(cells.published_value, ''))"
                ~ " end",
                'cells.column_name'
            ) }},
            ''
        ) as dimensions,
        coalesce(
            {{ ordered_list(
                "case when cells.column_role != 'measure' and not cells.is_own_period"
                ~ " then nullif(cells.published_value, '') end",
                'cells.column_name'
            ) }},
            ''
        ) as row_label
    from cells
    left join names_with_codes
        on cells.table_key = names_with_codes.table_key
        and cells.column_name = names_with_codes.column_name
    group by
        cells.source_table,
        cells.basis,
        cells.is_example,
        cells.compared_period,
        cells.edition_number,
        cells.file_id,
        cells.table_key,
        cells.source_row

),

-- Rows that nothing tells apart are compared in their order.
final as (

    select
        *,
        {{ text_hash(
            "source_table || '|' || basis || '|' || compared_period || '|' || dimensions"
            ~ " || '|' || row_number() over (partition by source_table, basis, is_example,"
            ~ " compared_period, edition_number, dimensions order by table_key, source_row)"
        ) }} as row_key
    from keyed

)

select * from final
