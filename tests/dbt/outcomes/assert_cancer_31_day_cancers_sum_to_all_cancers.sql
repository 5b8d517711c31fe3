{{ cancer_mismatches('31_day_cancers_sum_to_all_cancers') }}
