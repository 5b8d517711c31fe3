with reconciliations as (

    select * from {{ ref('cancer_reconciliations') }}

),

final as (

    select
        check_name,
        period,
        basis,
        sum(case when is_comparable then 1 else 0 end) as compared_count,
        sum(case when is_comparable and not is_match then 1 else 0 end)
            as mismatch_count,
        sum(case when is_comparable then 0 else 1 end) as not_comparable_count
    from reconciliations
    group by check_name, period, basis

)

select * from final
