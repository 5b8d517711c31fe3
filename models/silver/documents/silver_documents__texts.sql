{{ view_of_news() }}

with landings as (

    select * from {{ ref('silver_documents__text_landings') }}

),

final as (

    select
        base,
        root,
        path,
        byte_count,
        sha256,
        encoding,
        char_count,
        is_readable,
        flags,
        file_id,
        source_file,
        source_row
    from landings
    where replaced_load = {{ never_replaced() }}

)

select * from final
