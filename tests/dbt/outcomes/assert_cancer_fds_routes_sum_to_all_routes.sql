select * from {{ ref('cancer_reconciliations') }}
where check_name = 'fds_routes_sum_to_all_routes' and is_comparable and not is_match
