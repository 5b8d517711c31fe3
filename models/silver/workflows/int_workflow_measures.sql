with workflows as (

    select * from {{ ref('silver_workflows__history') }}

),

steps as (

    select
        workflow_key,
        sum(cost_usd) as cost_usd,
        sum(
            coalesce(input_tokens, 0)
            + coalesce(cache_creation_tokens, 0)
            + coalesce(cache_read_tokens, 0)
            + coalesce(output_tokens, 0)
        ) as total_tokens
    from {{ ref('silver_workflows__steps') }}
    group by workflow_key

),

states as (

    select * from {{ ref('silver_workflows__agent_states') }}

),

-- 0 is the default of the column: nothing was recorded, so nothing is known.
final as (

    select
        workflows.workflow_key,
        workflows.workflow_id,
        workflows.adw_id,
        workflows.nl_input,
        coalesce(workflows.workflow_template, states.workflow_template)
            as workflow_template,
        coalesce(workflows.model_used, states.model_used) as model_used,
        workflows.status,
        workflows.is_finished,
        workflows.error_message,
        workflows.has_error,
        coalesce(workflows.status = 'completed', false)
        and not workflows.has_error as is_success,
        workflows.retry_count,
        workflows.duration_seconds,
        cast(coalesce(
            case when workflows.total_tokens > 0 then workflows.total_tokens end,
            case when steps.total_tokens > 0 then steps.total_tokens end
        ) as {{ type_large() }}) as total_tokens,
        cast(case
            when workflows.actual_cost_usd > 0 then workflows.actual_cost_usd
            when steps.cost_usd > 0 then steps.cost_usd
            when workflows.estimated_cost_usd > 0 then workflows.estimated_cost_usd
            when states.estimated_cost_usd > 0 then states.estimated_cost_usd
        end as {{ type_usd() }}) as cost_usd,
        case
            when workflows.actual_cost_usd > 0 then 'actual'
            when steps.cost_usd > 0 then 'actual'
            when workflows.estimated_cost_usd > 0 then 'estimated'
            when states.estimated_cost_usd > 0 then 'estimated'
            else 'unknown'
        end as cost_quality,
        case
            when workflows.actual_cost_usd > 0 then 'history'
            when steps.cost_usd > 0 then 'steps'
            when workflows.estimated_cost_usd > 0 then 'history'
            when states.estimated_cost_usd > 0 then 'agent state'
        end as cost_source,
        workflows.seen_at,
        workflows.file_id,
        workflows.table_key,
        workflows.source_row
    from workflows
    left join steps
        on workflows.workflow_key = steps.workflow_key
    left join states
        on workflows.workflow_key = states.workflow_key

)

select * from final
