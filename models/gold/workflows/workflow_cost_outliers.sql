{{ config(meta={'bulk': true}, pre_hook="{{ more_memory() }}") }}

with workflows as (

    select * from {{ ref('int_workflow_measures') }}
    where is_finished

),

-- Referred to once each, so that no million of rows is set aside in between.
templates as (

    select
        workflow_template,
        count(cost_usd) as cost_count,
        sum(cost_usd) as cost_sum,
        count(duration_seconds) as duration_count,
        sum(duration_seconds) as duration_sum
    from {{ ref('int_workflow_measures') }}
    where is_finished and workflow_template is not null
    group by workflow_template

),

-- The peers are the others: one that is far off does not raise its own yardstick.
compared as (

    select
        workflows.workflow_key,
        workflows.workflow_template,
        workflows.cost_usd,
        templates.cost_count - 1 as cost_peers,
        (templates.cost_sum - workflows.cost_usd)
        / nullif(templates.cost_count - 1, 0) as cost_average,
        workflows.duration_seconds,
        templates.duration_count - 1 as duration_peers,
        (templates.duration_sum - workflows.duration_seconds)
        / nullif(templates.duration_count - 1, 0) as duration_average,
        workflows.retry_count,
        workflows.seen_at,
        workflows.file_id,
        workflows.source_row
    from workflows
    left join templates
        on workflows.workflow_template = templates.workflow_template

),

outliers as (

    select * from compared
    where
        (cost_peers >= 3 and cost_usd > 2 * cost_average)
        or (duration_peers >= 3 and duration_seconds > 2 * duration_average)
        or retry_count >= 3

),

measured as (

    select
        *,
        'cost_usd' as measure,
        cost_usd as measured_value,
        cost_average as peer_average,
        cost_peers as peer_count
    from outliers
    where cost_peers >= 3 and cost_usd > 2 * cost_average
    union all
    select
        *,
        'duration_seconds' as measure,
        duration_seconds as measured_value,
        duration_average as peer_average,
        duration_peers as peer_count
    from outliers
    where duration_peers >= 3 and duration_seconds > 2 * duration_average
    union all
    select
        *,
        'retry_count' as measure,
        retry_count as measured_value,
        cast(null as {{ type_usd() }}) as peer_average,
        cast(null as {{ type_large() }}) as peer_count
    from outliers
    where retry_count >= 3

),

final as (

    select
        workflow_key,
        measure,
        workflow_template,
        cast(measured_value as {{ type_usd() }}) as measured_value,
        cast(peer_average as {{ type_usd() }}) as peer_average,
        peer_count,
        {{ ratio('measured_value', 'peer_average') }} as times_average,
        case when measured_value > 3 * peer_average then 'high' else 'medium' end
            as severity,
        seen_at,
        file_id,
        source_row
    from measured

)

select * from final
