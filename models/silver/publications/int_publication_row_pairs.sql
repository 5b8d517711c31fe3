{{ config(materialized='table') }}

with rows_of_editions as (

    select * from {{ ref('int_publication_revised_rows') }}

),

editions as (

    select
        source_table,
        basis,
        is_example,
        compared_period,
        edition_number,
        min(file_id) as file_id
    from rows_of_editions
    group by source_table, basis, is_example, compared_period, edition_number

),

successive as (

    select
        before.source_table,
        before.basis,
        before.is_example,
        before.compared_period,
        before.file_id as before_file_id,
        after.file_id as after_file_id
    from editions as before
    inner join editions as after
        on before.source_table = after.source_table
        and before.basis = after.basis
        and before.is_example = after.is_example
        and before.compared_period = after.compared_period
        and before.edition_number + 1 = after.edition_number

),

rows_before as (

    select
        successive.*,
        rows_of_editions.row_key,
        rows_of_editions.row_label,
        rows_of_editions.table_key,
        rows_of_editions.source_row
    from successive
    inner join rows_of_editions
        on successive.source_table = rows_of_editions.source_table
        and successive.basis = rows_of_editions.basis
        and successive.compared_period = rows_of_editions.compared_period
        and successive.before_file_id = rows_of_editions.file_id

),

rows_after as (

    select
        successive.*,
        rows_of_editions.row_key,
        rows_of_editions.row_label,
        rows_of_editions.table_key,
        rows_of_editions.source_row
    from successive
    inner join rows_of_editions
        on successive.source_table = rows_of_editions.source_table
        and successive.basis = rows_of_editions.basis
        and successive.compared_period = rows_of_editions.compared_period
        and successive.after_file_id = rows_of_editions.file_id

),

final as (

    select
        coalesce(rows_after.source_table, rows_before.source_table) as source_table,
        coalesce(rows_after.basis, rows_before.basis) as basis,
        coalesce(rows_after.is_example, rows_before.is_example) as is_example,
        coalesce(rows_after.compared_period, rows_before.compared_period) as period,
        coalesce(rows_after.before_file_id, rows_before.before_file_id)
            as before_file_id,
        coalesce(rows_after.after_file_id, rows_before.after_file_id) as after_file_id,
        coalesce(rows_after.row_key, rows_before.row_key) as row_key,
        coalesce(rows_after.row_label, rows_before.row_label) as row_label,
        rows_before.table_key as before_table_key,
        rows_before.source_row as before_source_row,
        rows_after.table_key as after_table_key,
        rows_after.source_row as after_source_row
    from rows_before
    full join rows_after
        on rows_before.row_key = rows_after.row_key
        and rows_before.before_file_id = rows_after.before_file_id
        and rows_before.after_file_id = rows_after.after_file_id

)

select * from final
