with successions as (

    select * from {{ ref('silver_organisations__successions') }}

),

final as (

    select
        org_code,
        successor_code,
        org_name,
        successor_name,
        close_date,
        successor_open_date,
        is_told_by_predecessor,
        is_told_by_successor,
        is_in_force,
        as_of,
        source_file
    from successions

)

select * from final
