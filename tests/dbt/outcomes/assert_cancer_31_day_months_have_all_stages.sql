with standard_waits as (

    select * from {{ ref('silver_cancer__standard_waits') }}
    where metric = 5

),

stages as (

    select
        period,
        basis,
        source_table,
        treatment_stage_code
    from standard_waits
    group by period, basis, source_table, treatment_stage_code

)

select
    period,
    basis,
    source_table,
    sum(case when treatment_stage_code = 'all_stages' then 1 else 0 end) as all_stages,
    sum(case when treatment_stage_code = 'first' then 1 else 0 end) as first_stage,
    sum(case when treatment_stage_code = 'subsequent' then 1 else 0 end) as later_stage
from stages
group by period, basis, source_table
having
    sum(
        case
            when treatment_stage_code in ('all_stages', 'first', 'subsequent') then 1
            else 0
        end
    ) != 3
