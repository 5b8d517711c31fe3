with waits as (

    select * from {{ ref('silver_cancer__first_seen_waits') }}
    where is_current and not is_national

),

final as (

    select
        period,
        basis,
        org_code,
        org_name,
        referral_route_code,
        cancer_type_code,
        cancer_type,
        total_count,
        within_14_days_count,
        from_15_to_16_days_count,
        from_17_to_21_days_count,
        from_22_to_28_days_count,
        after_28_days_count,
        {{ ratio('within_14_days_count', 'total_count') }} as within_14_days_pct,
        period_start,
        release_status,
        source_file,
        source_sheet,
        source_row
    from waits

)

select * from final
