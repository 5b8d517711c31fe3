{{ config(severity='warn') }}

select
    period,
    source_table,
    org_code,
    rtt_part_type,
    treatment_function_code,
    published_total_count,
    our_total_count,
    published_median_wait_weeks,
    our_median_wait_weeks
from {{ ref('rtt_published_waits') }}
where is_comparable and not is_match
