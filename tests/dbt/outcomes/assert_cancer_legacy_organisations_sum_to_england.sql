select * from {{ ref('cancer_reconciliations') }}
where check_name = 'legacy_organisations_sum_to_england' and is_comparable and not is_match
