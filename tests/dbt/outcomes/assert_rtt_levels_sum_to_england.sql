with metrics as (

    select
        *,
        coalesce(waiting_list_count, completed_count, new_periods_count) as total_count
    from {{ ref('rtt_metrics') }}

),

sums as (

    select
        period,
        entity_level,
        rtt_part_type,
        treatment_function_code,
        includes_nonc,
        sum(total_count) as total_count,
        coalesce(sum(within_18_weeks_count), -1) as within_18_weeks_count,
        coalesce(sum(over_52_weeks_count), -1) as over_52_weeks_count,
        coalesce(sum(unknown_clock_start_count), -1) as unknown_clock_start_count
    from metrics
    group by
        period, entity_level, rtt_part_type, treatment_function_code, includes_nonc

)

select
    period,
    rtt_part_type,
    treatment_function_code,
    includes_nonc,
    count(*) as level_count
from sums
group by period, rtt_part_type, treatment_function_code, includes_nonc
having
    count(*) != 4
    or min(total_count) != max(total_count)
    or min(within_18_weeks_count) != max(within_18_weeks_count)
    or min(over_52_weeks_count) != max(over_52_weeks_count)
    or min(unknown_clock_start_count) != max(unknown_clock_start_count)
