{{ config(materialized='table') }}

with vintages as (

    select * from {{ ref('silver_publications__vintages') }}
    where is_current

),

file_tables as (

    select * from {{ source('raw_publications', 'file_tables') }}

),

table_columns as (

    select * from {{ source('raw_publications', 'table_columns') }}

),

-- Where parts of a release hold the same table, the first with values speaks for all.
columns_of_tables as (

    select
        vintages.publication,
        vintages.table_name,
        vintages.source_table,
        vintages.period,
        vintages.period_start,
        vintages.period_end,
        table_columns.column_name,
        table_columns.position,
        table_columns.published_name,
        table_columns.clean_name,
        table_columns.role,
        table_columns.value_kind,
        row_number() over (
            partition by
                vintages.source_table,
                vintages.period_start,
                vintages.period_end,
                table_columns.column_name
            order by
                case when table_columns.value_kind = 'empty' then 1 else 0 end asc,
                table_columns.table_key asc,
                table_columns.position asc
        ) as column_rank
    from vintages
    inner join file_tables
        on vintages.file_id = file_tables._file_id
        and vintages.load_id = file_tables.load_id
        and vintages.source_table = file_tables.source_table
        and vintages.basis = coalesce(file_tables.basis, 'all')
    inner join table_columns
        on file_tables.table_key = table_columns.table_key

),

final as (

    select
        publication,
        table_name,
        source_table,
        period,
        period_start,
        period_end,
        column_name,
        position as column_position,
        published_name,
        clean_name,
        role as column_role,
        value_kind
    from columns_of_tables
    where column_rank = 1

)

select * from final
