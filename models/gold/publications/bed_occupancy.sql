with providers as (

    select * from {{ ref('silver_beds_overnight__providers') }}
    where is_current and not is_aggregate

),

-- The published total of a trust is the sum of its sectors, and left out.
sectors as (

    {% for sector in bed_sectors() %}
    select
        period,
        org_code,
        '{{ sector }}' as sector,
        org_name,
        region_code,
        financial_year,
        available_{{ sector }} as available_beds,
        occupied_{{ sector }} as occupied_beds,
        period_start,
        period_end,
        release_status,
        is_example,
        file_id,
        source_file,
        source_sheet,
        source_row
    from providers
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        period,
        org_code,
        sector,
        org_name,
        region_code,
        financial_year,
        available_beds,
        occupied_beds,
        {{ ratio('occupied_beds', 'available_beds') }} as occupancy_pct,
        period_start,
        period_end,
        release_status,
        is_example,
        file_id,
        source_file,
        source_sheet,
        source_row
    from sectors

)

select * from final
