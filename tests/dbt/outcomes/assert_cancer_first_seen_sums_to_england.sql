{{ cancer_mismatches('first_seen_sums_to_england') }}
