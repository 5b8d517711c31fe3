select * from {{ ref('cancer_reconciliations') }}
where check_name = 'legacy_care_settings_sum_to_all_care' and is_comparable and not is_match
