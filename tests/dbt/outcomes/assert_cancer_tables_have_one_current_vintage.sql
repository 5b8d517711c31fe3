with vintages as (

    select * from {{ ref('silver_cancer__vintages') }}

)

select
    basis,
    period,
    source_table,
    sum(case when is_current then 1 else 0 end) as current_count
from vintages
group by basis, period, source_table
having sum(case when is_current then 1 else 0 end) != 1
