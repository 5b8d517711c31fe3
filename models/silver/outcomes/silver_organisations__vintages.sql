{{ config(materialized='table') }}

with vintages as (

    {{ file_vintages('organisations') }}

),

-- Lists of one kind are read together, each code from the newest list that has it;
-- examples count only where there is no real list of the kind.
ranked as (

    select
        *,
        row_number() over (
            partition by source_table
            order by
                is_example asc,
                period_end desc,
                vintage_rank asc,
                file_id desc
        ) as recency_rank,
        min(case when is_example then 1 else 0 end)
            over (partition by source_table)
        = 0 as has_real_file
    from vintages

),

final as (

    select
        file_id,
        basis,
        source_table,
        load_id,
        period_start,
        period_end,
        recency_rank,
        is_example,
        case when is_example then not has_real_file else true end as is_used,
        source_file,
        release_status,
        published_on,
        loaded_at
    from ranked

)

select * from final
