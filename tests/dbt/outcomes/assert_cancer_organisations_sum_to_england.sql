select * from {{ ref('cancer_reconciliations') }}
where check_name = 'organisations_sum_to_england' and is_comparable and not is_match
