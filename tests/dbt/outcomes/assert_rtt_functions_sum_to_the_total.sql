-- All levels, parts and measures in one pass; a total without functions fails as well.
with metrics as (

    select
        *,
        case when treatment_function_code = 'C_999' then 1 else -1 end as side,
        coalesce(waiting_list_count, completed_count, new_periods_count) as total_count
    from {{ ref('rtt_metrics') }}

)

select
    period,
    entity_level,
    org_code,
    rtt_part_type,
    includes_nonc,
    sum(side * total_count) as total_difference
from metrics
group by period, entity_level, org_code, rtt_part_type, includes_nonc
having
    sum(side * total_count) != 0
    or sum(side * known_clock_count) != 0
    or sum(side * unknown_clock_start_count) != 0
    or sum(side * within_18_weeks_count) != 0
    or sum(side * over_26_weeks_count) != 0
    or sum(side * over_40_weeks_count) != 0
    or sum(side * over_52_weeks_count) != 0
    or sum(side * over_65_weeks_count) != 0
    or sum(side * over_78_weeks_count) != 0
    or sum(side * over_104_weeks_count) != 0
