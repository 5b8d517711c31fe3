{{ cancer_mismatches('62_day_modalities_sum_to_all_cancers') }}
