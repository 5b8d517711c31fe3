with vintages as (

    select * from {{ ref('silver_publications__vintages') }}

),

file_tables as (

    select * from {{ source('raw_publications', 'file_tables') }}

),

load_report as (

    select * from {{ ref('publication_load_report') }}

),

drift as (

    select * from {{ ref('publication_schema_drift') }}

),

loads as (

    select
        vintages.publication,
        vintages.table_name,
        vintages.source_table,
        vintages.basis,
        vintages.period,
        vintages.source_file,
        vintages.file_id,
        vintages.load_sequence,
        vintages.loaded_at,
        cast(sum(file_tables.rows_landed) as bigint) as row_count
    from vintages
    inner join file_tables
        on vintages.file_id = file_tables._file_id
        and vintages.load_id = file_tables.load_id
        and vintages.source_table = file_tables.source_table
        and vintages.basis = coalesce(file_tables.basis, 'all')
    group by
        vintages.publication,
        vintages.table_name,
        vintages.source_table,
        vintages.basis,
        vintages.period,
        vintages.source_file,
        vintages.file_id,
        vintages.load_sequence,
        vintages.loaded_at

),

-- What earlier loads of the table brought; a part of a release is compared with itself.
usual as (

    select
        loads.file_id,
        loads.source_table,
        loads.basis,
        {{ median('earlier.row_count') }} as usual_row_count,
        count(*) as earlier_load_count
    from loads
    inner join loads as earlier
        on loads.source_table = earlier.source_table
        and loads.basis = earlier.basis
        and loads.load_sequence > earlier.load_sequence
    group by loads.file_id, loads.source_table, loads.basis

),

new_columns as (

    select
        publication,
        table_name,
        period,
        count(*) as new_column_count
    from drift
    where change in ('added', 'unit changed', 'meaning changed')
    group by publication, table_name, period

),

final as (

    select
        loads.publication,
        loads.table_name,
        loads.period,
        loads.source_file,
        loads.file_id,
        loads.loaded_at as seen_at,
        loads.row_count,
        usual.usual_row_count,
        coalesce(usual.earlier_load_count, 0) as earlier_load_count,
        coalesce(new_columns.new_column_count, 0) as new_column_count,
        null as error
    from loads
    left join usual
        on loads.file_id = usual.file_id
        and loads.source_table = usual.source_table
        and loads.basis = usual.basis
    left join new_columns
        on loads.publication = new_columns.publication
        and loads.table_name = new_columns.table_name
        and loads.period = new_columns.period
    union all
    select
        null as publication,
        null as table_name,
        null as period,
        source_file,
        file_id,
        seen_at,
        0 as row_count,
        null as usual_row_count,
        0 as earlier_load_count,
        0 as new_column_count,
        coalesce(reason, status) as error
    from load_report
    where status in ('quarantined', 'failed')

)

select * from final
