{{ config(materialized='table') }}

with files as (

    select * from {{ source('raw_cancer', 'files') }}
    where status in ('loaded', 'superseded')

),

file_tables as (

    select * from {{ source('raw_cancer', 'file_tables') }}

),

published_tables as (

    select * from {{ ref('cancer_published_tables') }}

),

landed as (

    select
        _file_id,
        load_id,
        basis,
        source_table
    from file_tables
    group by _file_id, load_id, basis, source_table

),

-- Only what a finished load wrote: the ledger knows its load id.
vintages as (

    select
        files._file_id as file_id,
        landed.basis,
        {{ month_label('files.period_start') }} as period,
        landed.source_table,
        {{ cancer_table_family('landed.source_table') }} as table_family,
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
-- the sequence is the order of loading, finer than its time. A month with a real file
-- has no example in it, not even in tables that the real files do not have.
ranked as (

    select
        *,
        row_number() over (
            partition by basis, period_start, period_end, source_table
            order by
                is_example asc,
                release_rank asc,
                published_on desc nulls last,
                load_sequence desc nulls last,
                file_id desc
        ) as vintage_rank,
        min(case when is_example then 1 else 0 end)
            over (partition by basis, period_start, period_end)
        = 0 as has_real_file
    from vintages

),

final as (

    select
        ranked.file_id,
        ranked.basis,
        ranked.period,
        ranked.source_table,
        published_tables.sheet_number,
        published_tables.metric,
        published_tables.table_label,
        ranked.load_id,
        ranked.period_start,
        ranked.period_end,
        ranked.vintage_rank,
        ranked.is_example,
        ranked.vintage_rank = 1
        and not (ranked.is_example and ranked.has_real_file) as is_current,
        ranked.source_file,
        ranked.release_status,
        ranked.published_on,
        ranked.loaded_at
    from ranked
    left join published_tables
        on ranked.table_family = published_tables.source_table

)

select * from final
