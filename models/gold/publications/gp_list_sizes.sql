with practices as (

    select * from {{ ref('silver_gp_registered_patients__practices') }}
    where is_current and not is_aggregate

),

-- Where ages and sexes stand apart, all of them together have a row of their own.
final as (

    select
        period,
        practice_code,
        sub_icb_code,
        sub_icb_ons_code,
        postcode,
        extract_date,
        registered_patients,
        period_start,
        period_end,
        release_status,
        is_example,
        file_id,
        source_file,
        source_row
    from practices
    where sex = 'ALL' and age = 'ALL'

)

select * from final
