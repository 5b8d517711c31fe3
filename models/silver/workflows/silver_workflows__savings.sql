{%- set identity = "coalesce('id:' || " ~ filled('landed.id')
    ~ ", 'row:' || landed._table_key || ':' || landed._source_row)" -%}

with {{ current_landed_rows('cost_savings', ['saving_id'], {
    'saving_id': identity,
    'optimization_type': 'lower(' ~ filled('landed.optimization_type') ~ ')',
    'workflow_id': filled('landed.workflow_id'),
    'tool_call_id': filled('landed.tool_call_id'),
    'pattern_signature': 'lower(' ~ filled('landed.pattern_id') ~ ')',
    'baseline_tokens': plain_number('landed.baseline_tokens', type_large()),
    'actual_tokens': plain_number('landed.actual_tokens', type_large()),
    'tokens_saved': plain_number('landed.tokens_saved', type_large()),
    'cost_saved_usd': plain_number('landed.cost_saved_usd'),
    'saved_at': utc_timestamp('landed.saved_at'),
    'notes': filled('landed.notes'),
}) }},

final as (

    select
        saving_id,
        optimization_type,
        workflow_id,
        tool_call_id,
        pattern_signature,
        baseline_tokens,
        actual_tokens,
        tokens_saved,
        cost_saved_usd,
        saved_at,
        notes,
        file_id,
        table_key,
        source_row
    from current_rows

)

select * from final
