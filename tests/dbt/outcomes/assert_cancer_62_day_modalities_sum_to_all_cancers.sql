select * from {{ ref('cancer_reconciliations') }}
where check_name = '62_day_modalities_sum_to_all_cancers' and is_comparable and not is_match
