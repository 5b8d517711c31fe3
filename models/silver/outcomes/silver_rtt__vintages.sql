{{ config(materialized='table') }}

with files as (

    select * from {{ source('raw_rtt', 'files') }}
    where status in ('loaded', 'superseded')

),

file_tables as (

    select * from {{ source('raw_rtt', 'file_tables') }}

),

landed as (

    select
        _file_id,
        load_id,
        basis,
        source_table,
        sum(rows_read) as row_count
    from file_tables
    group by _file_id, load_id, basis, source_table

),

-- Only what a finished load wrote: the ledger knows its load id. Every release of the
-- Overview repeats the whole series, so it competes with its predecessors as a whole;
-- of the two that are published side by side, that with estimates has more figures.
vintages as (

    select
        files._file_id as file_id,
        landed.basis,
        landed.source_table,
        case
            when landed.source_table = 'overview' then 'series'
            else {{ month_label('files.period_start') }}
        end as period,
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
        case when landed.source_table = 'overview' then landed.row_count end
            as overview_row_count,
        files.source_file,
        files.published_on,
        files.loaded_at,
        files.load_sequence
    from files
    inner join landed
        on files._file_id = landed._file_id
        and files.load_id = landed.load_id

),

-- A month with a real file has no example in it, not even in tables that the real files
-- do not have: made-up figures never stand beside real ones.
ranked as (

    select
        *,
        row_number() over (
            partition by period, basis, source_table
            order by
                is_example asc,
                period_end desc,
                release_rank asc,
                published_on desc nulls last,
                overview_row_count desc nulls last,
                load_sequence desc nulls last,
                file_id desc
        ) as vintage_rank,
        min(case when is_example then 1 else 0 end) over (partition by period)
        = 0 as has_real_file
    from vintages

),

final as (

    select
        file_id,
        basis,
        period,
        source_table,
        load_id,
        period_start,
        period_end,
        vintage_rank,
        is_example,
        vintage_rank = 1 and not (is_example and has_real_file) as is_current,
        source_file,
        release_status,
        published_on,
        loaded_at
    from ranked

)

select * from final
