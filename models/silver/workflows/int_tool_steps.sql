{{ config(
    materialized='incremental',
    on_schema_change='fail',
    indexes=[
        {'columns': ['session_number']},
        {'columns': ['event_number']},
        {'columns': ['table_key']},
    ],
    pre_hook=["{{ more_memory() }}", "{{ empty_if_withdrawn('workflows') }}"]
) }}
{%- set adds = is_incremental() and not rows_were_withdrawn('workflows') %}

with events as (

    select * from {{ ref('silver_workflows__hook_events') }}
    where
        event_type = 'PostToolUse'
        {%- if adds %}
        and table_key > {{ newest_table() }}
        {%- endif %}

),

steps as (

    select
        coalesce(source_app, '(none)') as source_app,
        session_id,
        event_at as step_at,
        tool_name,
        {{ tool_evidence('payload') | indent(8) }} as evidence,
        table_key,
        source_row,
        payload,
        event_id is null and event_at is null as is_anonymous,
        {{ event_number() | indent(8) }} as content_number
    from events
    where
        session_id is not null
        and tool_name is not null

),

-- Payloads stay behind: what follows sorts all events.
commands as (

    select
        source_app,
        session_id,
        step_at,
        tool_name,
        evidence,
        case
            when tool_name = 'Bash' and evidence in ('failure', 'said_failure')
                then {{ json_text('payload', ['tool_input', 'command']) | indent(16) }}
        end as failed_command,
        table_key,
        source_row,
        is_anonymous,
        content_number
    from steps

),

-- The same event in two files is one event. Without an id and a time, events that say
-- the same are as many as the file that has most of them says.
copies as (

    select
        *,
        row_number() over (
            partition by content_number, table_key order by source_row
        ) as copy_number
    from commands

),

known as (

    select
        *,
        max(copy_number) over (
            partition by content_number
            order by table_key, source_row
            rows between unbounded preceding and 1 preceding
        ) as copies_before,
        case
            when is_anonymous and copy_number > 1
                then {{ text_number("content_number || ':' || copy_number") }}
            else content_number
        end as event_number
    from copies

),

final as (

    select
        event_number,
        -- Sessions are sorted and looked for by the million: numbers are faster.
        {{ text_number("source_app || ' ' || session_id") }} as session_number,
        source_app,
        session_id,
        step_at,
        tool_name,
        evidence,
        failed_command,
        table_key,
        source_row
    from known
    where
        (
            copies_before is null
            or (is_anonymous and copy_number > copies_before)
        )
        {%- if adds %}
        and not exists (
            select 1 from {{ this }} as built
            where built.event_number = known.event_number
        )
        {%- endif %}

)

select * from final
