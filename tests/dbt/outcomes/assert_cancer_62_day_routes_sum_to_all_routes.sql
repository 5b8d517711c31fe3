select * from {{ ref('cancer_reconciliations') }}
where check_name = '62_day_routes_sum_to_all_routes' and is_comparable and not is_match
