{{ cancer_mismatches('62_day_cancers_sum_to_all_cancers') }}
