{{ config(severity='warn') }}

with metrics as (

    select * from {{ ref('rtt_metrics') }}
    where
        rtt_part_type in ('Part_2', 'Part_2A')
        and treatment_function_code = 'C_999'
        and includes_nonc

)

select
    period,
    entity_level,
    org_code,
    sum(case when rtt_part_type = 'Part_2A' then waiting_list_count else 0 end)
    as with_decision_to_admit,
    sum(case when rtt_part_type = 'Part_2' then waiting_list_count else 0 end)
    as waiting_list
from metrics
group by period, entity_level, org_code
having
    sum(case when rtt_part_type = 'Part_2A' then waiting_list_count else 0 end)
    > sum(case when rtt_part_type = 'Part_2' then waiting_list_count else 0 end)
