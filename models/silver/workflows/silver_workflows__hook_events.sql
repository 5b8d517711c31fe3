with events as (

    select
        landed.*,
        -- What a hook was given may be a line of its own: then it is what is left over.
        coalesce(
            {{ json_text('landed.repairs', ['payload']) }},
            landed.payload,
            landed.extra
        ) as content
    from {{ source('raw_workflows', 'hook_events_landed') }} as landed

),

tables as (

    {{ loaded_tables('workflows', 'hook_events') }}

),

final as (

    select
        {{ filled('events.event_id') }} as event_id,
        {{ filled('events.event_type') }} as event_type,
        {{ filled('events.source_app') }} as source_app,
        coalesce(
            {{ filled('events.session_id') }},
            {{ json_text('events.content', ['session_id']) }}
        ) as session_id,
        {{ filled('events.workflow_id') }} as workflow_id,
        {{ utc_timestamp('events.timestamp') }} as event_at,
        coalesce(
            {{ filled('events.tool_name') }},
            {{ json_text('events.content', ['tool_name']) }}
        ) as tool_name,
        events.content as payload,
        events.flags,
        tables.file_id,
        tables.source_file,
        events._table_key as table_key,
        events._source_row as source_row
    from events
    inner join tables
        on events._table_key = tables.table_key

)

select * from final
