{{ cancer_mismatches('31_day_stages_sum_to_all_stages') }}
