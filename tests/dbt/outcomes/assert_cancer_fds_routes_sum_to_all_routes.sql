{{ cancer_mismatches('fds_routes_sum_to_all_routes') }}
