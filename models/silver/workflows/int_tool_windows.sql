{{ config(
    materialized='incremental',
    unique_key=['source_app', 'tool_sequence'],
    on_schema_change='fail',
    pre_hook=["{{ more_memory() }}", "{{ empty_unless_added_to() }}"]
) }}
{%- set adds = windows_can_be_added() %}
{%- set counted = counted_table_key() if adds else 0 %}

with all_steps as {{ inlined() }} (

    select * from {{ ref('int_tool_steps') }}

),

tables as (

    {{ loaded_tables('workflows', 'hook_events') }}

),

newest as (

    select coalesce(max(table_key), {{ counted }}) as counted_table_key from all_steps
    where table_key > {{ counted }}

),

-- Keys grow: when a table up to the newest is gone, these are fewer.
all_counted as {{ computed_once() }} (

    select
        newest.counted_table_key,
        count(*) as counted_tables
    from newest
    inner join tables
        on newest.counted_table_key >= tables.table_key
    group by newest.counted_table_key

),

-- Sessions with something new, whole: a window may begin in what was there.
arrived_steps as {{ computed_once() if adds else inlined() }} (

    select
        source_app,
        tool_name,
        evidence,
        session_number,
        step_at,
        table_key,
        source_row
    from all_steps
    where
        {{ only_arrived_sessions('all_steps', counted) | indent(4) }}

),

-- Names as numbers: a window of five tools is one number, not a text.
tools as (

    select
        source_app,
        tool_name,
        dense_rank() over (order by source_app, tool_name) as tool_number
    from arrived_steps
    group by source_app, tool_name

),

steps as (

    select
        arrived_steps.session_number,
        arrived_steps.step_at,
        arrived_steps.table_key,
        arrived_steps.source_row,
        {{ step_code('tools.tool_number', 'arrived_steps.evidence') | indent(8) }}
            as code
    from arrived_steps
    inner join tools
        on arrived_steps.source_app = tools.source_app
        and arrived_steps.tool_name = tools.tool_name

),

-- The four calls before each call.
preceded as (

    select
        session_number,
        step_at,
        table_key,
        code as code_0,
        lag(code, 1) over session_order as code_1,
        lag(code, 2) over session_order as code_2,
        lag(code, 3) over session_order as code_3,
        lag(code, 4) over session_order as code_4
    from steps
    window session_order as (
        partition by session_number
        order by step_at nulls last, table_key, source_row
    )

),

lengths as (

    select 3 as window_length
    union all
    select 4 as window_length
    union all
    select 5 as window_length

),

-- Three of one tool in a row are one tool at work, and no sequence.
windows as (

    select
        preceded.session_number,
        {{ window_number('preceded', 'lengths.window_length') | indent(8) }}
            as window_number,
        greatest(
            {{ window_codes('preceded', 'lengths.window_length', '%', 4) | indent(12) }}
        ) as outcome,
        preceded.step_at,
        case when preceded.table_key > {{ counted }} then 1 else 0 end as is_new
    from preceded
    cross join lengths
    where
        {{ is_a_window('preceded', 'lengths.window_length') | indent(8) }}

),

-- Ten million rows, taken for few: set aside, so that they are not sorted next.
by_session as {{ computed_once() }} (

    select
        session_number,
        window_number,
        sum(is_new) as new_count,
        count(*) as window_count,
        sum(case when outcome = 3 then is_new else 0 end) as failure_count,
        sum(case when outcome = 1 then is_new else 0 end) as said_success_count,
        sum(case when outcome = 0 then is_new else 0 end) as success_count,
        min(case when is_new = 1 then step_at end) as first_seen,
        max(case when is_new = 1 then step_at end) as last_seen
    from windows
    group by session_number, window_number

),

by_number as (

    select
        window_number,
        sum(new_count) as occurrence_count,
        sum(case when window_count = new_count then 1 else 0 end) as session_count,
        sum(failure_count) as failure_count,
        sum(success_count) as success_count,
        sum(said_success_count) as said_success_count,
        min(first_seen) as first_seen,
        max(last_seen) as last_seen
    from by_session
    where new_count > 0
    group by window_number

),

counted as (

    select
        tool_1.source_app,
        {{ window_sequence('tool_', 5) | indent(8) }} as tool_sequence,
        by_number.*
    from by_number
    inner join tools as tool_1
        on {{ window_tool('by_number.window_number', 1) }} = tool_1.tool_number
    inner join tools as tool_2
        on {{ window_tool('by_number.window_number', 2) }} = tool_2.tool_number
    inner join tools as tool_3
        on {{ window_tool('by_number.window_number', 3) }} = tool_3.tool_number
    left join tools as tool_4
        on {{ window_tool('by_number.window_number', 4) }} = tool_4.tool_number
    left join tools as tool_5
        on {{ window_tool('by_number.window_number', 5) }} = tool_5.tool_number

),

-- What was counted before is added to what is new of the same sequence.
parts as (

    select
        source_app,
        tool_sequence,
        occurrence_count,
        session_count,
        failure_count,
        success_count,
        said_success_count,
        first_seen,
        last_seen
    from counted
    {%- if adds %}
    union all
    select
        built.source_app,
        built.tool_sequence,
        built.occurrence_count,
        built.session_count,
        built.failure_count,
        built.success_count,
        built.said_success_count,
        built.first_seen,
        built.last_seen
    from {{ this }} as built
    inner join counted
        on built.source_app = counted.source_app
        and built.tool_sequence = counted.tool_sequence
    {%- endif %}

),

final as (

    select
        parts.source_app,
        {{ as_text('parts.tool_sequence') }} as tool_sequence,
        cast(sum(parts.occurrence_count) as {{ type_large() }}) as occurrence_count,
        cast(sum(parts.session_count) as {{ type_large() }}) as session_count,
        cast(sum(parts.failure_count) as {{ type_large() }}) as failure_count,
        cast(sum(parts.success_count) as {{ type_large() }}) as success_count,
        cast(sum(parts.said_success_count) as {{ type_large() }}) as said_success_count,
        min(parts.first_seen) as first_seen,
        max(parts.last_seen) as last_seen,
        all_counted.counted_table_key,
        all_counted.counted_tables
    from parts
    cross join all_counted
    group by
        parts.source_app,
        parts.tool_sequence,
        all_counted.counted_table_key,
        all_counted.counted_tables

)

select * from final
