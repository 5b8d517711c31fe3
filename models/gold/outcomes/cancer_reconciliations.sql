{{ config(schema='quality') }}

{% set is_one_cancer = "cancer_type_code != 'all_cancers'" %}
{% set is_one_modality = "treatment_modality_code != 'all_modalities'" %}

{% set sheet_checks = [
    (
        'fds_routes_sum_to_all_routes',
        "source_table = 'fds_by_route' and " ~ cancer_adds_up_to_all(),
        "source_table = 'fds_all_routes'",
        "'all_cancers'",
    ),
    (
        '31_day_cancers_sum_to_all_cancers',
        "source_table = 'treatment_31_day_by_cancer' and " ~ is_one_cancer,
        "source_table = 'treatment_31_day_all_cancers'",
        'treatment_stage_code',
    ),
    (
        '31_day_modalities_sum_to_all_cancers',
        "source_table = 'treatment_31_day_by_modality' and " ~ is_one_modality,
        "source_table = 'treatment_31_day_all_cancers'",
        'treatment_stage_code',
    ),
    (
        '31_day_stages_sum_to_all_stages',
        "metric = 5 and treatment_stage_code != 'all_stages'",
        "metric = 5 and treatment_stage_code = 'all_stages'",
        "source_table || ' | ' || cancer_type_code || ' | ' || treatment_modality_code",
    ),
    (
        '62_day_cancers_sum_to_all_cancers',
        "source_table = 'treatment_62_day_by_cancer' and " ~ is_one_cancer,
        "source_table = 'treatment_62_day_all_cancers'",
        'referral_route_code',
    ),
    (
        '62_day_modalities_sum_to_all_cancers',
        "source_table = 'treatment_62_day_by_modality' and " ~ is_one_modality,
        "source_table = 'treatment_62_day_all_cancers'",
        'referral_route_code',
    ),
    (
        '62_day_routes_sum_to_all_routes',
        "metric = 8 and referral_route_code != 'all_routes'",
        "metric = 8 and referral_route_code = 'all_routes'",
        "source_table || ' | ' || cancer_type_code || ' | ' || treatment_modality_code",
    ),
] %}

{% set legacy_slice %}
source_table || ' | ' || referral_route || ' | ' || treatment_stage || ' | '
|| cancer_type || ' | ' || treatment_type
{%- endset %}

with standard_waits as (

    select * from {{ ref('silver_cancer__standard_waits') }}

),

england_metrics as (

    select * from {{ ref('cancer_england_metrics') }}

),

first_seen_waits as (

    select
        *,
        within_14_days_count as within_count
    from {{ ref('silver_cancer__first_seen_waits') }}
    where is_current

),

legacy_waits as (

    select * from {{ ref('silver_cancer__legacy_waits') }}
    where is_current

),

checks as (

    {% for check_name, is_part, is_whole, slice in sheet_checks %}
    {{ cancer_reconciliation('standard_waits', check_name, is_part, is_whole, slice) }}
    union all
    {% endfor %}
    select
        'organisations_sum_to_england' as check_name,
        period,
        basis,
        'ENGLAND' as org_code,
        source_table || ' | ' || treatment_stage_code || ' | ' || referral_route_code
        || ' | ' || cancer_type_code || ' | ' || treatment_modality_code as slice,
        summed_within_target as parts_within_count,
        within_target as whole_within_count,
        summed_total_count as parts_total_count,
        total_count as whole_total_count,
        release_status as parts_release_status,
        max(case when total_count is not null then release_status end)
            over (partition by period, basis, source_table) as whole_release_status,
        (organisation_count > 0 and summed_total_count is null)
        or (source_row is not null and total_count is null) as has_withheld
    from england_metrics
    union all
    {{ cancer_reconciliation(
        'first_seen_waits',
        'first_seen_sums_to_england',
        'not is_national',
        'is_national',
        "source_table || ' | ' || cancer_type_code",
        "'ENGLAND'"
    ) }}
    union all
    {{ cancer_reconciliation(
        'legacy_waits',
        'legacy_organisations_sum_to_england',
        'not is_national',
        'is_national',
        legacy_slice ~ " || ' | ' || care_setting",
        "'ENGLAND'"
    ) }}
    union all
    {{ cancer_reconciliation(
        'legacy_waits',
        'legacy_care_settings_sum_to_all_care',
        "care_setting != 'ALL CARE'",
        "care_setting = 'ALL CARE'",
        legacy_slice
    ) }}

),

final as (

    select
        check_name,
        period,
        basis,
        org_code,
        slice,
        parts_within_count,
        whole_within_count,
        parts_total_count,
        whole_total_count,
        coalesce(parts_release_status = whole_release_status, false)
        and not has_withheld as is_comparable,
        coalesce(parts_within_count, 0) = coalesce(whole_within_count, 0)
        and coalesce(parts_total_count, 0) = coalesce(whole_total_count, 0) as is_match
    from checks

)

select * from final
