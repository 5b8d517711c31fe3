{{ config(materialized='table') }}

-- Every release of the Overview repeats the whole series.
with files as (

    {{ file_vintages('rtt', series=['overview']) }}

),

labelled as (

    select
        *,
        case
            when source_table = 'overview' then 'series'
            else {{ month_label('period_start') }}
        end as period
    from files

),

-- A month with a real file has no example in it, not even in tables that the real files
-- do not have: made-up figures never stand beside real ones.
ranked as (

    select
        *,
        min(case when is_example then 1 else 0 end) over (partition by period)
        = 0 as has_real_file
    from labelled

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
