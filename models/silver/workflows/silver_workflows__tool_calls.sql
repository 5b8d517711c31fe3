{%- set identity = "coalesce(" ~ filled('landed.tool_call_id') ~ ", 'id:' || "
    ~ filled('landed.id') ~ ", 'row:' || landed._table_key || ':' || landed._source_row)"
-%}

with {{ current_landed_rows('tool_calls', ['tool_call_id'], {
    'tool_call_id': identity,
    'workflow_id': filled('landed.workflow_id'),
    'tool_name': filled('landed.tool_name'),
    'called_at': utc_timestamp('landed.called_at'),
    'completed_at': utc_timestamp('landed.completed_at'),
    'duration_seconds': plain_number('landed.duration_seconds'),
    'is_success': truth('landed.success'),
    'error_message': filled('landed.error_message'),
    'tokens_saved': plain_number('landed.tokens_saved', type_large()),
    'cost_saved_usd': plain_number('landed.cost_saved_usd'),
}) }},

final as (

    select
        tool_call_id,
        workflow_id,
        tool_name,
        called_at,
        completed_at,
        duration_seconds,
        is_success,
        error_message,
        tokens_saved,
        cost_saved_usd,
        file_id,
        table_key,
        source_row
    from current_rows

)

select * from final
