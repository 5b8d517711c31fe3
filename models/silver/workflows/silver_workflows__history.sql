{{ config(
    materialized='incremental',
    unique_key='workflow_key',
    on_schema_change='fail',
    meta={'bulk': true},
    pre_hook=[
        "{{ more_memory() }}",
        "{{ empty_if_withdrawn(
            'workflows', ['table_key', 'first_table_key', 'last_table_key']
        ) }}",
    ]
) }}
{%- set keys = ['table_key', 'first_table_key', 'last_table_key'] %}
{%- set adds = is_incremental() and not rows_were_withdrawn('workflows', keys) %}

with tables as (

    {{ loaded_tables('workflows', 'workflow_history') }}

),

landed as (

    select * from {{ source('raw_workflows', 'workflow_history_landed') }}
    {%- if adds %}
    where _table_key > {{ newest_table('last_table_key') }}
    {%- endif %}

),

whole_rows as (

    select * from {{ source('raw_workflows', 'workflow_history_landed') }}

),

-- Versions alone are ordered: rows are wide.
landed_versions as (

    select
        {{ workflow_key('landed') }} as workflow_key,
        landed._table_key as table_key,
        landed._source_row as source_row,
        tables.load_sequence,
        coalesce(
            {{ utc_timestamp('landed.updated_at') }},
            {{ utc_timestamp('landed.created_at') }}
        ) as version_at
    from landed
    inner join tables
        on landed._table_key = tables.table_key

),

{% if adds -%}
built as (

    select * from {{ this }}

),

arrived as (

    select distinct workflow_key from landed_versions

),

{% endif -%}
-- What landed later need not be later: it competes with the version that is current.
versions as (

    select
        workflow_key,
        table_key,
        source_row,
        load_sequence,
        version_at,
        1 as row_count,
        table_key as first_table_key,
        table_key as last_table_key
    from landed_versions
    where workflow_key is not null
    {%- if adds %}
    union all
    select
        built.workflow_key,
        built.table_key,
        built.source_row,
        built.load_sequence,
        built.version_at,
        built.version_count as row_count,
        built.first_table_key,
        built.last_table_key
    from built
    inner join arrived
        on built.workflow_key = arrived.workflow_key
    {%- endif %}

),

ranked as (

    select
        workflow_key,
        table_key,
        source_row,
        load_sequence,
        version_at,
        row_number() over (
            partition by workflow_key
            order by
                version_at desc nulls last,
                load_sequence desc,
                table_key desc,
                source_row desc
        ) as version_rank,
        sum(row_count) over (partition by workflow_key) as version_count,
        min(first_table_key) over (partition by workflow_key) as first_table_key,
        max(last_table_key) over (partition by workflow_key) as last_table_key
    from versions

),

chosen as (

    select * from ranked
    where version_rank = 1

),

typed as {{ computed_once() }} (

    select
        {{ workflow_columns('whole_rows') | indent(8) }},
        chosen.workflow_key,
        chosen.version_at,
        chosen.version_count,
        chosen.first_table_key,
        chosen.last_table_key,
        chosen.load_sequence,
        chosen.table_key,
        chosen.source_row
    from chosen
    inner join whole_rows
        on chosen.table_key = whole_rows._table_key
        and chosen.source_row = whole_rows._source_row

),

final as (

    select
        typed.workflow_key,
        typed.workflow_id,
        typed.adw_id,
        typed.issue_number,
        typed.nl_input,
        typed.workflow_template,
        typed.model_used,
        typed.workflow_type,
        typed.status,
        coalesce(typed.status in ('completed', 'failed'), false) as is_finished,
        typed.error_message,
        typed.error_message is not null
        or coalesce(typed.status = 'failed', false) as has_error,
        coalesce(typed.retry_count, 0) as retry_count,
        -- A negative or missing duration is read from the clock times, never from now.
        coalesce(
            case when typed.duration_seconds > 0 then typed.duration_seconds end,
            case
                when typed.ended_at > typed.started_at
                    then {{ seconds_between('typed.started_at', 'typed.ended_at') }}
            end
        ) as duration_seconds,
        typed.phase_count,
        typed.steps_completed,
        typed.steps_total,
        typed.input_tokens,
        typed.output_tokens,
        typed.cached_tokens,
        coalesce(
            case when typed.total_tokens > 0 then typed.total_tokens end,
            nullif(
                coalesce(typed.input_tokens, 0)
                + coalesce(typed.cached_tokens, 0)
                + coalesce(typed.output_tokens, 0),
                0
            )
        ) as total_tokens,
        typed.actual_cost_usd,
        typed.estimated_cost_usd,
        typed.started_at,
        typed.ended_at,
        typed.created_at,
        typed.updated_at,
        coalesce(typed.ended_at, typed.created_at, typed.started_at) as seen_at,
        typed.archived_at,
        tables.source_table,
        cast(typed.version_count as {{ type_whole() }}) as version_count,
        typed.version_at,
        typed.load_sequence,
        tables.file_id,
        tables.source_file,
        typed.table_key,
        typed.source_row,
        typed.first_table_key,
        typed.last_table_key
    from typed
    inner join tables
        on typed.table_key = tables.table_key

)

select * from final
