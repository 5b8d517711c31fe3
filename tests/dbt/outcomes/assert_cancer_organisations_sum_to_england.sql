{{ cancer_mismatches('organisations_sum_to_england') }}
