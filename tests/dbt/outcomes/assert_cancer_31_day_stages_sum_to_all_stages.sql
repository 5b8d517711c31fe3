select * from {{ ref('cancer_reconciliations') }}
where check_name = '31_day_stages_sum_to_all_stages' and is_comparable and not is_match
