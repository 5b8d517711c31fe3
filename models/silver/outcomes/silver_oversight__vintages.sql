{{ config(materialized='table') }}

with vintages as (

    {{ file_vintages('oversight') }}

),

-- A quarter with a real file of a kind of trust has no example of that kind in it.
ranked as (

    select
        *,
        min(case when is_example then 1 else 0 end)
            over (partition by basis, period_start, period_end)
        = 0 as has_real_file
    from vintages

),

final as (

    select
        file_id,
        basis,
        {{ quarter_label('period_start') }} as quarter,
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
