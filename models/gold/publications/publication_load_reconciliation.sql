with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

file_tables as (

    select * from {{ source('raw_publications', 'file_tables') }}

),

table_details as (

    select * from {{ source('raw_publications', 'table_details') }}

),

landed_rows as (

    select * from {{ ref('int_publication_landed_rows') }}

),

silver_rows as (

    select * from {{ ref('int_publication_silver_rows') }}

),

silver_tables as (

    select source_table from silver_rows
    group by source_table

),

-- Several tables of a file may belong to one stable table.
landed as (

    select
        vintages.publication,
        vintages.table_name,
        vintages.source_table,
        vintages.period,
        vintages.basis,
        vintages.file_id,
        vintages.source_file,
        vintages.is_current,
        sum(table_details.sheet_rows) as file_row_count,
        max(case when table_details.is_wide then 1 else 0 end) = 1 as is_wide,
        sum(file_tables.rows_read) as read_row_count,
        sum(file_tables.rows_landed) as landed_row_count,
        sum(landed_rows.row_count) as found_row_count,
        sum(table_details.sheet_rows * landed_rows.period_count) as expected_row_count
    from vintages
    inner join file_tables
        on vintages.file_id = file_tables._file_id
        and vintages.load_id = file_tables.load_id
        and vintages.source_table = file_tables.source_table
        and vintages.basis = coalesce(file_tables.basis, 'all')
    left join table_details
        on file_tables.table_key = table_details.table_key
    left join landed_rows
        on file_tables.table_key = landed_rows.table_key
    group by
        vintages.publication,
        vintages.table_name,
        vintages.source_table,
        vintages.period,
        vintages.basis,
        vintages.file_id,
        vintages.source_file,
        vintages.is_current

),

compared as (

    select
        landed.*,
        case
            when silver_tables.source_table is not null
                then coalesce(silver_rows.row_count, 0)
        end as silver_row_count
    from landed
    left join silver_tables
        on landed.source_table = silver_tables.source_table
    left join silver_rows
        on landed.file_id = silver_rows.file_id
        and landed.source_table = silver_rows.source_table
        and landed.basis = silver_rows.basis

),

final as (

    select
        publication,
        table_name,
        period,
        basis,
        file_id,
        source_file,
        is_current,
        is_wide,
        cast(file_row_count as bigint) as file_row_count,
        cast(expected_row_count as bigint) as expected_row_count,
        cast(read_row_count as bigint) as read_row_count,
        cast(landed_row_count as bigint) as landed_row_count,
        cast(found_row_count as bigint) as found_row_count,
        cast(silver_row_count as bigint) as silver_row_count,
        coalesce(expected_row_count, read_row_count) = read_row_count
        and read_row_count = landed_row_count
        and landed_row_count = found_row_count
        and coalesce(silver_row_count, found_row_count) = found_row_count as is_match
    from compared

)

select * from final
