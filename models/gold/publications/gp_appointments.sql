with appointments as (

    select * from {{ ref('silver_gp_appointments__regions') }}
    where is_current and not is_aggregate

),

-- Each release repeats the months of the ones before: of a month the latest counts.
ranked as (

    select
        *,
        dense_rank() over (
            partition by basis, appointment_month
            order by period_end desc, period_start desc
        ) as release_rank
    from appointments

),

final as (

    select
        {{ month_label('appointment_month') }} as period,
        ccg_code,
        appointment_status,
        hcp_type,
        appointment_mode,
        booked_ahead,
        ccg_name,
        stp_name,
        region_name,
        appointments as appointment_count,
        appointment_month,
        period as release_period,
        release_status,
        is_example,
        file_id,
        source_file,
        source_row
    from ranked
    where release_rank = 1

)

select * from final
