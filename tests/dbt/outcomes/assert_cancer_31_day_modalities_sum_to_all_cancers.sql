{{ cancer_mismatches('31_day_modalities_sum_to_all_cancers') }}
