with icbs as (

    select * from {{ ref('silver_virtual_wards__icbs') }}
    where is_current and not is_aggregate

),

final as (

    select
        period,
        icb_code,
        icb_name,
        region_code,
        region_name,
        capacity,
        patients,
        {{ ratio('patients', 'capacity') }} as occupancy_pct,
        registered_adults,
        capacity_per_100k_adults,
        registered_patients,
        capacity_per_100k_patients,
        period_start,
        period_end,
        release_status,
        is_example,
        file_id,
        source_file,
        source_sheet,
        source_row
    from icbs

)

select * from final
