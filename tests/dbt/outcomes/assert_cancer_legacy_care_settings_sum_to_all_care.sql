{{ cancer_mismatches('legacy_care_settings_sum_to_all_care') }}
