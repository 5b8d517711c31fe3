with vintages as (

    select * from {{ ref('silver_cancer__vintages') }}

),

final as (

    select
        period,
        basis,
        source_table,
        sheet_number,
        table_label,
        vintage_rank,
        is_current,
        is_example,
        release_status,
        published_on,
        loaded_at,
        file_id,
        source_file
    from vintages

)

select * from final
