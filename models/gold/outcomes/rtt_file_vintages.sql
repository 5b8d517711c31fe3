with vintages as (

    select * from {{ ref('silver_rtt__vintages') }}

),

final as (

    select
        period,
        basis,
        source_table,
        vintage_rank,
        is_current,
        is_example,
        release_status,
        period_start,
        period_end,
        published_on,
        loaded_at,
        file_id,
        source_file
    from vintages

)

select * from final
