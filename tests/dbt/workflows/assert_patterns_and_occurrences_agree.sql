-- Each pattern counts its distinct workflows, and no occurrence is of another pattern.
with counted as (

    select
        pattern_signature,
        count(distinct workflow_key) as workflow_count
    from {{ ref('pattern_occurrences') }}
    group by pattern_signature

),

patterns as (

    select
        pattern_signature,
        occurrence_count
    from {{ ref('operation_patterns') }}

)

select
    counted.pattern_signature as found_signature,
    patterns.pattern_signature as listed_signature,
    counted.workflow_count,
    patterns.occurrence_count
from counted
full outer join patterns
    on counted.pattern_signature = patterns.pattern_signature
where
    counted.workflow_count is null
    or patterns.occurrence_count is null
    or counted.workflow_count != patterns.occurrence_count
