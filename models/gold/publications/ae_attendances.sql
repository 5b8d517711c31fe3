with providers as (

    select * from {{ ref('silver_ae_attendances__providers') }}
    where is_current and not is_aggregate

),

{% set booked = ['booked_attendances'] %}
{% set booked_late = ['booked_over_4_hours'] %}
totals as (

    select
        *,
        {{ sum_of(ae_columns(['attendances'], without_blanks=booked)) }}
            as attendances_total,
        {{ sum_of(ae_columns(['over_4_hours'], without_blanks=booked_late)) }}
            as over_4_hours_total
    from providers

),

final as (

    select
        period,
        org_code,
        org_name,
        parent_name,
        {{ sum_of(ae_columns(['attendances'], ['type_1'], booked)) }}
            as attendances_type_1,
        {{ sum_of(ae_columns(['attendances'], ['type_2'], booked)) }}
            as attendances_type_2,
        {{ sum_of(ae_columns(['attendances'], ['other'], booked)) }}
            as attendances_other,
        attendances_total,
        {{ sum_of(ae_columns(booked)) }} as booked_attendances,
        over_4_hours_total,
        attendances_total - over_4_hours_total as within_4_hours_total,
        {{ ratio('attendances_total - over_4_hours_total', 'attendances_total') }}
            as within_4_hours_pct,
        waited_4_to_12_hours_from_decision,
        waited_12_hours_from_decision,
        admissions_type_1 + admissions_type_2 + admissions_other_ae
            as admissions_via_ae,
        admissions_not_via_ae,
        period_start,
        period_end,
        release_status,
        is_example,
        file_id,
        source_file,
        source_row
    from totals

)

select * from final
