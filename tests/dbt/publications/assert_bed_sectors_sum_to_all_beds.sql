with providers as (

    select * from {{ ref('silver_beds_overnight__providers') }}
    where is_current

),

final as (

    select
        file_id,
        org_code,
        org_name,
        available_total,
        {{ sum_of(bed_columns('available')) }} as available_in_sectors,
        occupied_total,
        {{ sum_of(bed_columns('occupied')) }} as occupied_in_sectors
    from providers

)

select * from final
where
    abs(available_in_sectors - available_total) > 0.01
    or abs(occupied_in_sectors - occupied_total) > 0.01
