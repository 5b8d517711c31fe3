{#
    What landed rows of workflows are looked at for: by table, the columns that hold
    moments, whole numbers or others, and JSON is flagged by the reader.
#}
{% macro workflow_checks() -%}
{{ return({
    'workflow_history': {
        'moments': ['start_time', 'end_time', 'created_at', 'updated_at', 'archived_at'],
        'numbers': [
            'duration_seconds', 'retry_count', 'input_tokens', 'output_tokens',
            'cached_tokens', 'total_tokens', 'actual_cost_total', 'estimated_cost_total',
        ],
    },
    'hook_events': {'moments': [], 'numbers': []},
    'agent_states': {'moments': [], 'numbers': ['estimated_cost_total']},
    'agent_results': {'moments': [], 'numbers': ['total_cost_usd', 'duration_ms']},
    'tool_calls': {
        'moments': ['called_at', 'completed_at'],
        'numbers': ['duration_seconds', 'tokens_saved', 'cost_saved_usd'],
    },
    'cost_savings': {
        'moments': ['saved_at'],
        'numbers': [
            'baseline_tokens', 'actual_tokens', 'tokens_saved', 'cost_saved_usd',
        ],
    },
    'pattern_reviews': {'moments': ['reviewed_at'], 'numbers': []},
    'pattern_predictions': {
        'moments': ['predicted_at', 'validated_at'],
        'numbers': ['confidence_score'],
    },
    'unreadable_lines': {'moments': [], 'numbers': []},
}) }}
{%- endmacro %}

{#
    The problems of rows of a landed table, of tables in `new_tables`: the reader's flags
    (`flag:column`), and values that are none of their kind. Rows are read once; a row
    without a problem leaves after one look at each value. Those of tables up to the key
    `newest` have been looked at, and are not read again.
#}
{% macro landed_row_problems(table, newest=none) -%}
{%- set checks = workflow_checks()[table] -%}
select
        landed._table_key as table_key,
        landed._source_row as source_row,
        problems.problem,
        problems.column_name,
        problems.found
    from (
        select rows.*
        from {{ source('raw_workflows', table ~ '_landed') }} as rows
        inner join new_tables
            on rows._table_key = new_tables.table_key
        where
            {%- if newest is not none %}
            rows._table_key > {{ newest }} and
            {%- endif %}
            ({{ may_have_problems(checks, table) }})
    ) as landed
    cross join lateral (
        select
            split_part(flags.word, ':', 1) as problem,
            nullif(split_part(flags.word, ':', 2), '') as column_name,
            {% if table == 'unreadable_lines' -%}
            landed.line as found
            {%- else -%}
            to_jsonb(landed) ->> nullif(split_part(flags.word, ':', 2), '') as found
            {%- endif %}
        from {{ words_in('landed.flags', 'flags') }}
        {%- for column in checks.moments %}
        union all
        select 'bad_timestamp', '{{ column }}', landed.{{ column }}
        where {{ is_no_moment('landed.' ~ column) }}
        {%- endfor %}
        {%- for column in checks.numbers %}
        union all
        select 'bad_number', '{{ column }}', landed.{{ column }}
        where {{ is_no_number('landed.' ~ column) }}
        {%- endfor %}
        {%- if table == 'workflow_history' %}
        union all
        select 'unknown_status', 'status', landed.status
        where {{ is_unknown_status('landed.status') }}
        union all
        select 'no_identity', null, landed.nl_input
        where {{ workflow_key('landed') }} is null
        {%- endif %}
        {%- if table == 'unreadable_lines' %}
        union all
        select 'unreadable_line', null, landed.line
        {%- endif %}
    ) as problems
{%- endmacro %}

{# A condition: the row is worth a look at each of its values. #}
{% macro may_have_problems(checks, table) -%}
{%- if table == 'unreadable_lines' -%}
true
{%- else -%}
rows.flags is not null
            {%- for column in checks.moments %}
            or {{ is_no_moment('rows.' ~ column) }}
            {%- endfor %}
            {%- for column in checks.numbers %}
            or {{ is_no_number('rows.' ~ column) }}
            {%- endfor %}
            {%- if table == 'workflow_history' %}
            or {{ is_unknown_status('rows.status') }}
            or {{ workflow_key('rows') }} is null
            {%- endif %}
{%- endif -%}
{%- endmacro %}

{# Text that is there and says no moment. #}
{% macro is_no_moment(column) -%}
({{ filled(column) }} is not null and {{ utc_timestamp(column) }} is null)
{%- endmacro %}

{# Text that is there and is no number. #}
{% macro is_no_number(column) -%}
({{ filled(column) }} is not null and {{ plain_number(column) }} is null)
{%- endmacro %}

{% macro is_unknown_status(column) -%}
coalesce(lower({{ filled(column) }}), '')
            not in ('pending', 'running', 'completed', 'failed')
{%- endmacro %}

{# For pre_hook: rows of tables that the ledger does not have any more. #}
{% macro delete_withdrawn_tables(pipeline) -%}
{%- if is_incremental() -%}
delete from {{ this }} as built
where not exists (
    select 1
    from {{ source('raw_' ~ pipeline, 'file_tables') }} as tables
    inner join {{ source('raw_' ~ pipeline, 'files') }} as files
        on tables._file_id = files._file_id and tables.load_id = files.load_id
    where tables.table_key = built.table_key and files.status = 'loaded'
)
{%- else -%}
select 1
{%- endif -%}
{%- endmacro %}
