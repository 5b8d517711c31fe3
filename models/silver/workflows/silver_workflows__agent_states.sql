with {{ current_landed_rows('agent_states', ['workflow_key'], {
    'workflow_key': filled('landed.adw_id'),
    'issue_number': filled('landed.issue_number'),
    'branch_name': filled('landed.branch_name'),
    'plan_file': filled('landed.plan_file'),
    'issue_class': filled('landed.issue_class'),
    'model_set': filled('landed.model_set'),
    'workflow_template': filled('landed.workflow_template'),
    'model_used': filled('landed.model_used'),
    'estimated_cost_usd': plain_number('landed.estimated_cost_total'),
}) }},

final as (

    select
        workflow_key,
        issue_number,
        branch_name,
        plan_file,
        issue_class,
        model_set,
        workflow_template,
        model_used,
        estimated_cost_usd,
        file_id,
        table_key,
        source_row
    from current_rows
    where workflow_key is not null

)

select * from final
