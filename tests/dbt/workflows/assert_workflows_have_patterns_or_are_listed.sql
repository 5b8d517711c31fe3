-- Finished workflows = those with a pattern + those without; nobody is lost or doubled.
with finished as (

    select count(*) as workflow_count
    from {{ ref('silver_workflows__history') }}
    where is_finished

),

linked as (

    select count(distinct workflow_key) as workflow_count
    from {{ ref('pattern_occurrences') }}

),

without_pattern as (

    select count(*) as workflow_count from {{ ref('workflows_without_pattern') }}

)

select
    finished.workflow_count as finished_count,
    linked.workflow_count as linked_count,
    without_pattern.workflow_count as without_count
from finished
cross join linked
cross join without_pattern
where
    finished.workflow_count != linked.workflow_count + without_pattern.workflow_count
