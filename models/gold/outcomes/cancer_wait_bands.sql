with fds_waits as (

    select * from {{ ref('silver_cancer__fds_waits') }}
    where
        is_current
        and not is_national
        and source_table = 'fds_by_route'
        and {{ cancer_adds_up_to_all('3') }}

),

treatment_31_day_waits as (

    select * from {{ ref('silver_cancer__treatment_31_day_waits') }}
    where
        is_current
        and not is_national
        and source_table = 'treatment_31_day_by_cancer'
        and treatment_stage_code = 'all_stages'
        and {{ cancer_adds_up_to_all('5', "'all_routes'") }}

),

treatment_62_day_waits as (

    select * from {{ ref('silver_cancer__treatment_62_day_waits') }}
    where
        is_current
        and not is_national
        and source_table = 'treatment_62_day_by_cancer'
        and {{ cancer_adds_up_to_all('8') }}

),

bands as (

    {{ cancer_bands_long('fds_waits', 3, '28_day_faster_diagnosis', [
        ('within_14_days_count', 0, 14),
        ('from_15_to_28_days_count', 15, 28),
        ('from_29_to_42_days_count', 29, 42),
        ('from_43_to_62_days_count', 43, 62),
        ('after_62_days_count', 63, none),
    ]) }}
    union all
    {{ cancer_bands_long(
        'treatment_31_day_waits', 5, '31_day_decision_to_treat_to_treatment', [
        ('within_31_days_count', 0, 31),
        ('from_32_to_38_days_count', 32, 38),
        ('from_39_to_48_days_count', 39, 48),
        ('from_49_to_62_days_count', 49, 62),
        ('after_62_days_count', 63, none),
    ]) }}
    union all
    {{ cancer_bands_long(
        'treatment_62_day_waits', 8, '62_day_referral_to_treatment', [
        ('within_31_days_count', 0, 31),
        ('from_32_to_38_days_count', 32, 38),
        ('from_39_to_48_days_count', 39, 48),
        ('from_49_to_62_days_count', 49, 62),
        ('from_63_to_76_days_count', 63, 76),
        ('from_77_to_90_days_count', 77, 90),
        ('from_91_to_104_days_count', 91, 104),
        ('after_104_days_count', 105, none),
    ]) }}

),

final as (

    select
        period,
        basis,
        metric,
        metric_label,
        org_code,
        org_name,
        from_days,
        to_days,
        band_count,
        total_count,
        {{ ratio('band_count', 'total_count') }} as band_pct,
        period_start,
        release_status,
        source_file
    from bands

)

select * from final
