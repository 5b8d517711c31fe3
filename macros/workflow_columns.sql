{# Columns of a landed row of a workflow history, typed. #}
{% macro workflow_columns(alias) -%}
{%- set texts = [
    'workflow_id', 'adw_id', 'issue_number', 'workflow_template', 'model_used',
    'workflow_type', 'error_message', 'nl_input',
] -%}
{%- set numbers = {
    'retry_count': type_whole(),
    'phase_count': type_whole(),
    'steps_completed': type_whole(),
    'steps_total': type_whole(),
    'input_tokens': type_large(),
    'output_tokens': type_large(),
    'cached_tokens': type_large(),
    'total_tokens': type_large(),
} -%}
{%- set moments = {
    'start_time': 'started_at',
    'end_time': 'ended_at',
    'created_at': 'created_at',
    'updated_at': 'updated_at',
    'archived_at': 'archived_at',
} -%}
{%- for column in texts -%}
{{ filled(alias ~ '.' ~ column) }} as {{ column }},
{% endfor -%}
lower({{ filled(alias ~ '.status') }}) as status,
{% for column, type in numbers.items() -%}
{{ plain_number(alias ~ '.' ~ column, type) }} as {{ column }},
{% endfor -%}
{{ plain_number(alias ~ '.duration_seconds') }} as duration_seconds,
{{ plain_number(alias ~ '.actual_cost_total') }} as actual_cost_usd,
{{ plain_number(alias ~ '.estimated_cost_total') }} as estimated_cost_usd,
{% for column, name in moments.items() -%}
{{ utc_timestamp(alias ~ '.' ~ column) }} as {{ name }}{{ ',' if not loop.last }}
{% endfor -%}
{%- endmacro %}

{# Seconds between two moments. #}
{% macro seconds_between(start, end) -%}
cast(extract(epoch from {{ end }} - {{ start }}) as {{ type_usd() }})
{%- endmacro %}

{# What a result line says of each model, by its key there and in `usage`. #}
{% macro model_usage_measures() -%}
{{ return([
    {'name': 'cost_usd', 'key': 'costUSD', 'usage': none},
    {'name': 'input_tokens', 'key': 'inputTokens', 'usage': 'input_tokens'},
    {'name': 'cache_creation_tokens', 'key': 'cacheCreationInputTokens',
     'usage': 'cache_creation_input_tokens'},
    {'name': 'cache_read_tokens', 'key': 'cacheReadInputTokens',
     'usage': 'cache_read_input_tokens'},
    {'name': 'output_tokens', 'key': 'outputTokens', 'usage': 'output_tokens'},
]) }}
{%- endmacro %}

{#
    CTEs: the rows of a small landed table (`current_rows`), of each key the one that was
    loaded last. `columns`: expressions over `landed` by the name of their column.
#}
{% macro current_landed_rows(table, key, columns) -%}
tables as (

    {{ loaded_tables('workflows', table) }}

),

landed as (

    select * from {{ source('raw_workflows', table ~ '_landed') }}

),

typed as (

    select
        {%- for name, expression in columns.items() %}
        {{ expression }} as {{ name }},
        {%- endfor %}
        tables.load_sequence,
        tables.file_id,
        landed._table_key as table_key,
        landed._source_row as source_row
    from landed
    inner join tables
        on landed._table_key = tables.table_key

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ key | join(', ') }}
            order by load_sequence desc, table_key desc, source_row desc
        ) as row_rank
    from typed

),

current_rows as (

    select * from ranked
    where row_rank = 1

)
{%- endmacro %}
