select * from {{ ref('cancer_reconciliations') }}
where check_name = '31_day_cancers_sum_to_all_cancers' and is_comparable and not is_match
