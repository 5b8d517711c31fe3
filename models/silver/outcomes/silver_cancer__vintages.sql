{{ config(materialized='table') }}

with files as (

    {{ file_vintages('cancer') }}

),

published_tables as (

    select * from {{ ref('cancer_published_tables') }}

),

-- A month with a real file has no example in it, not even in tables that the real files
-- do not have.
ranked as (

    select
        *,
        {{ month_label('period_start') }} as period,
        {{ cancer_table_family('source_table') }} as table_family,
        min(case when is_example then 1 else 0 end)
            over (partition by basis, period_start, period_end)
        = 0 as has_real_file
    from files

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
