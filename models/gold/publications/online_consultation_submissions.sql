with practices as (

    select * from {{ ref('silver_online_consultation__practices') }}
    where is_current and not is_aggregate

),

final as (

    select
        period,
        gp_code,
        gp_name,
        pcn_code,
        sub_icb_code,
        icb_code,
        region_code,
        supplier,
        participation,
        submissions,
        submissions_mark,
        clinical_submissions,
        administrative_submissions,
        other_unknown_type_submissions,
        registered_patient_count,
        1000 * {{ ratio('submissions', 'registered_patient_count') }}
            as submissions_per_1000_patients,
        period_start,
        period_end,
        release_status,
        is_example,
        file_id,
        source_file,
        source_sheet,
        source_row
    from practices

)

select * from final
