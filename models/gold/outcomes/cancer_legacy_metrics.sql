with waits as (

    select * from {{ ref('silver_cancer__legacy_waits') }}
    where is_current

),

final as (

    select
        period,
        basis,
        source_table,
        published_title,
        standard_days,
        case when is_national then 'ENGLAND' else org_code end as org_code,
        org_name,
        care_setting,
        referral_route,
        treatment_stage,
        cancer_type,
        treatment_type,
        within_count as within_standard,
        outside_count as outside_standard,
        total_count,
        {{ ratio('within_count', 'total_count') }} as pct_within_standard,
        is_national,
        period_start,
        release_status,
        source_file,
        source_row
    from waits

)

select * from final
