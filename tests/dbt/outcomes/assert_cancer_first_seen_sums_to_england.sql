select * from {{ ref('cancer_reconciliations') }}
where check_name = 'first_seen_sums_to_england' and is_comparable and not is_match
