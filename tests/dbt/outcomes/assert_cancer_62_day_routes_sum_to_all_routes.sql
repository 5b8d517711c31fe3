{{ cancer_mismatches('62_day_routes_sum_to_all_routes') }}
