with vintages as (

    select
        *,
        min(case when is_example then 1 else 0 end)
            over (partition by basis, period_start, period_end)
        = 0 as has_real_file
    from {{ ref('silver_oversight__vintages') }}

)

select
    basis,
    quarter,
    source_table,
    sum(case when is_current then 1 else 0 end) as current_count,
    max(case when is_example and has_real_file then 0 else 1 end) as expected_count
from vintages
group by basis, quarter, source_table
having
    sum(case when is_current then 1 else 0 end)
    != max(case when is_example and has_real_file then 0 else 1 end)
