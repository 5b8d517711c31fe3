{{ cancer_mismatches('legacy_organisations_sum_to_england') }}
