{{ config(materialized='table') }}

with files as (

    {{ file_vintages('publications') }}

),

named as (

    select
        *,
        {{ publication_of('source_table') }} as publication,
        {{ table_of('source_table') }} as table_name
    from files

),

-- A period with a real file has no example in it, not even in tables that the real
-- files do not have: made-up figures never stand beside real ones.
ranked as (

    select
        *,
        min(case when is_example then 1 else 0 end)
            over (partition by publication, period_start, period_end)
        = 0 as has_real_file
    from named

),

final as (

    select
        file_id,
        basis,
        source_table,
        publication,
        table_name,
        load_id,
        {{ period_label('period_start', 'period_end') }} as period,
        period_start,
        period_end,
        vintage_rank,
        is_example,
        vintage_rank = 1 and not (is_example and has_real_file) as is_current,
        source_file,
        release_status,
        published_on,
        loaded_at,
        load_sequence
    from ranked

)

select * from final
