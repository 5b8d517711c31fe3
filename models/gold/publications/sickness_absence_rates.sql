with organisations as (

    select * from {{ ref('silver_sickness_absence__organisations') }}
    where is_current and not is_aggregate

),

final as (

    select
        period,
        org_code,
        org_name,
        org_type,
        ics_code,
        ics_name,
        region_code,
        region_name,
        fte_days_lost,
        fte_days_available,
        {{ ratio('fte_days_lost', 'fte_days_available') }} as sickness_absence_pct,
        sickness_absence_rate_percent / 100 as published_sickness_absence_pct,
        period_start,
        period_end,
        release_status,
        is_example,
        file_id,
        source_file,
        source_row
    from organisations

)

select * from final
