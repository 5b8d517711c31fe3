with provider_tests as (

    select * from {{ ref('silver_diagnostics_dm01__provider_tests') }}
    where is_current and not is_aggregate and not is_all_tests

),

final as (

    select
        period,
        provider_code,
        test_code,
        provider_name,
        test_name,
        region_code,
        region_name,
        total_waiting,
        total_6_plus_weeks,
        total_13_plus_weeks,
        {{ ratio('total_6_plus_weeks', 'total_waiting') }} as over_6_weeks_pct,
        activity_planned,
        activity_unscheduled,
        activity_waiting_list,
        period_start,
        period_end,
        release_status,
        is_example,
        file_id,
        source_file,
        source_sheet,
        source_row
    from provider_tests

)

select * from final
