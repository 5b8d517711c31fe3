{{ config(materialized='table') }}

with files as (

    select * from {{ source('raw_cancer', 'files') }}
    where status in ('loaded', 'superseded')

),

file_tables as (

    select * from {{ source('raw_cancer', 'file_tables') }}

),

legacy_waits as (

    select * from {{ source('raw_cancer', 'legacy_waits') }}

),

published_tables as (

    select * from {{ ref('cancer_published_tables') }}

),

-- Under one number the old standards had several tables, told apart by their title.
landed as (

    select
        _file_id,
        load_id,
        basis,
        source_table,
        source_table as published_table
    from file_tables
    where table_name != 'legacy_waits'
    group by _file_id, load_id, basis, source_table
    union all
    select
        _file_id,
        _dlt_load_id as load_id,
        basis,
        _source_table as source_table,
        {{ cancer_legacy_table() }} as published_table
    from legacy_waits
    group by
        _file_id, _dlt_load_id, basis, _source_table, {{ cancer_legacy_table() }}

),

-- Only what a finished load wrote: the ledger knows its load id.
vintages as (

    select
        files._file_id as file_id,
        landed.basis,
        {{ month_label('files.period_start') }} as period,
        landed.published_table,
        landed.source_table,
        files.load_id,
        files.period_start,
        files.period_end,
        files.release_status,
        coalesce(files.is_example, false) as is_example,
        case files.release_status
            when 'revised' then 1
            when 'final' then 2
            when 'provisional' then 3
            else 4
        end as release_rank,
        files.source_file,
        files.published_on,
        files.loaded_at,
        files.load_sequence
    from files
    inner join landed
        on files._file_id = landed._file_id
        and files.load_id = landed.load_id

),

-- The loader marks files as superseded by the same order (loaders/ledger_write.py);
-- the sequence is the order of loading, finer than its time.
ranked as (

    select
        *,
        row_number() over (
            partition by basis, period_start, published_table
            order by
                is_example asc,
                release_rank asc,
                published_on desc nulls last,
                load_sequence desc nulls last,
                file_id desc
        ) as vintage_rank
    from vintages

),

final as (

    select
        ranked.file_id,
        ranked.basis,
        ranked.period,
        ranked.published_table,
        ranked.source_table,
        published_tables.sheet_number,
        published_tables.metric,
        published_tables.table_label,
        ranked.load_id,
        ranked.period_start,
        ranked.period_end,
        ranked.vintage_rank,
        ranked.is_example,
        ranked.vintage_rank = 1 as is_current,
        ranked.source_file,
        ranked.release_status,
        ranked.published_on,
        ranked.loaded_at
    from ranked
    left join published_tables
        on ranked.source_table = published_tables.source_table

)

select * from final
