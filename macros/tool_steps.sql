{# What the payload of a hook event says of how a tool ended, and sequences of tools. #}

{#
    Evidence of how a call ended. 'success' and 'failure' are said by an exit code or an
    error. 'said_success' is a bare `success: true`: some sources write it for every call,
    so it counts only where the same source can also say false ('said_failure'). JSON is
    taken apart only where the text holds a word that tells.
#}
{% macro tool_evidence(payload) -%}
{%- set telling = [
    'exit_code', 'exitCode', '"is_error"', '"error"', '"interrupted":true',
    '"interrupted": true', '"success":false', '"success": false',
] -%}
{%- set exit_code = "coalesce(" ~ json_text(payload, ['exit_code']) ~ ", "
    ~ json_text(payload, ['tool_response', 'exit_code']) ~ ", "
    ~ json_text(payload, ['tool_response', 'exitCode']) ~ ")" -%}
{%- set is_error = "coalesce(" ~ json_text(payload, ['tool_response', 'is_error']) ~ ", "
    ~ json_text(payload, ['is_error']) ~ ")" -%}
{%- set error = "coalesce(" ~ json_text(payload, ['tool_response', 'error']) ~ ", "
    ~ json_text(payload, ['error']) ~ ", '')" -%}
{%- set success = "coalesce(" ~ json_text(payload, ['success']) ~ ", "
    ~ json_text(payload, ['tool_response', 'success']) ~ ")" -%}
coalesce(
    case
        when (
            {%- for word in telling %}
            {{ 'or ' if not loop.first }}strpos({{ payload }}, '{{ word }}') > 0
            {%- endfor %}
        )
            then case
                when {{ exit_code }} = '0' then 'success'
                when
                    {{ exit_code }} != ''
                    and translate({{ exit_code }}, '-0123456789', '') = ''
                    then 'failure'
                when {{ is_error }} = 'true' then 'failure'
                when {{ json_text(payload, ['tool_response', 'interrupted']) }} = 'true'
                    then 'failure'
                when {{ error }} not in ('', 'false', 'null') then 'failure'
                when {{ success }} = 'false' then 'said_failure'
                when {{ is_error }} = 'false' then 'success'
            end
    end,
    case
        when
            strpos({{ payload }}, '"success":true') > 0
            or strpos({{ payload }}, '"success": true') > 0
            then 'said_success'
    end,
    'none'
)
{%- endmacro %}

{#
    A number for the evidence of a step. Over a window the greatest one tells: a failure
    is a failure, one unknown step leaves the outcome unknown, and proven success takes
    that of all steps.
#}
{% macro evidence_rank(evidence) -%}
case {{ evidence }}
    when 'success' then 0
    when 'said_success' then 1
    when 'none' then 2
    else 3
end
{%- endmacro %}

{# The code of a step: the number of its tool, times 4, and the rank of its evidence. #}
{% macro step_code(tool_number, evidence) -%}
{{ tool_number }} * 4 + {{ evidence_rank(evidence) }}
{%- endmacro %}

{# A 64-bit number for a text: texts are compared faster by it. #}
{% macro text_number(text) -%}
hashtextextended({{ text }}, 0)
{%- endmacro %}

{#
    An event of a tool as a number: by its id, else by what it says. The time is taken as
    seconds, for as text it depends on who reads it.
#}
{% macro event_number() -%}
{{ text_number(
    "coalesce(event_id, coalesce(source_app, '') || '|' || session_id || '|'"
    ~ " || coalesce(cast(extract(epoch from event_at) as " ~ type_text() ~ "), '')"
    ~ " || '|' || tool_name || '|' || coalesce(payload, ''))"
) }}
{%- endmacro %}

{# From clause: the tools of a sequence, one row each: `tool` and its `position`. #}
{% macro tools_in(sequence, alias) -%}
lateral unnest(string_to_array({{ sequence }}, '→')) with ordinality
    as {{ alias }} (tool, position)
{%- endmacro %}

{# The tools of a group in their order, as a sequence. #}
{% macro tool_list(tool, order_by) -%}
string_agg({{ tool }}, '→' order by {{ order_by }})
{%- endmacro %}

{#
    Whether windows can be added to those that are counted: nothing they rest on was
    withdrawn or came late. A late step stands before one of its session that is counted;
    windows around it are no longer what they were.
#}
{% macro windows_can_be_added() -%}
{%- if not is_incremental() or not execute -%}
{{ return(false) }}
{%- endif -%}
{#-
    Keys as literals: how few rows are above one is known from the statistics. What
    arrived is found first and counted whole: a plan that hopes to end at the first late
    step reads all of them where there is none.
-#}
{%- set counted = run_query(
    'select coalesce(max(counted_table_key), 0), coalesce(max(counted_tables), 0) from '
    ~ this
).rows[0] -%}
{%- set query -%}
with tables as (
    {{ loaded_tables('workflows', 'hook_events') }}
),

arrived as {{ computed_once() }} (
    select
        steps.session_number,
        min(steps.step_at) as first_at,
        max(case when steps.step_at is null then 1 else 0 end) as has_undated
    from {{ ref('int_tool_steps') }} as steps
    where steps.table_key > {{ counted[0] }}
    group by steps.session_number
)

select
    (select count(*) from tables where tables.table_key <= {{ counted[0] }})
    = {{ counted[1] }}
    and (
        select count(*)
        from arrived
        inner join {{ ref('int_tool_steps') }} as steps
            on arrived.session_number = steps.session_number
        where
            steps.table_key <= {{ counted[0] }}
            and (
                steps.step_at >= arrived.first_at
                or steps.step_at is null
                or arrived.has_undated = 1
            )
    ) = 0
{%- endset -%}
{{ return(run_query(query).rows[0][0]) }}
{%- endmacro %}

{# The newest table whose windows are counted. #}
{% macro counted_table_key() -%}
{%- if execute -%}
{{ return(
    run_query('select coalesce(max(counted_table_key), 0) from ' ~ this).rows[0][0]
) }}
{%- else -%}
{{ return(0) }}
{%- endif -%}
{%- endmacro %}

{# A condition: the session has steps that are not counted yet. #}
{% macro only_arrived_sessions(alias, counted) -%}
{%- if counted -%}
exists (
        select 1
        from {{ ref('int_tool_steps') }} as arrived
        where
            arrived.session_number = {{ alias }}.session_number
            and arrived.table_key > {{ counted }}
    )
{%- else -%}
1 = 1
{%- endif -%}
{%- endmacro %}

{# For pre_hook: all windows are counted anew where they cannot be added to. #}
{% macro empty_unless_added_to() -%}
{%- if is_incremental() and not windows_can_be_added() -%}
delete from {{ this }}
{%- else -%}
select 1
{%- endif -%}
{%- endmacro %}

{# What a sequence of tools is about; the first that fits. #}
{% macro sequence_category(profile) -%}
case
    when {{ profile }}.read_count > 0 and {{ profile }}.has_edit = 1
        then case
            when {{ profile }}.has_grep = 1 then 'search_modify'
            when {{ profile }}.has_bash = 1 then 'inspect_modify_verify'
            else 'read_modify'
        end
    when {{ profile }}.has_bash = 1 and {{ profile }}.read_count > 0
        then 'command_inspect'
    when {{ profile }}.read_count >= 2 then 'multi_read'
    when {{ profile }}.has_todo = 1 then 'planning'
    else 'other'
end
{%- endmacro %}

{#
    Windows as numbers. A step's code is the number of its tool times 4 plus the rank of
    its evidence; code_0 is the last step of a window, code_4 the first of five. A window
    is the numbers of its tools in base 4096, the first tool in the highest place, so five
    tools fit 64 bits; a test holds the number of tools below that.
#}
{% macro window_codes(alias, length, operator, operand) -%}
{%- for n in range(3) -%}
{{ alias }}.code_{{ n }} {{ operator }} {{ operand }},
{% endfor -%}
case when {{ length }} >= 4 then {{ alias }}.code_3 {{ operator }} {{ operand }} else 0 end,
case when {{ length }} = 5 then {{ alias }}.code_4 {{ operator }} {{ operand }} else 0 end
{%- endmacro %}

{% macro window_number(alias, length) -%}
cast({{ alias }}.code_0 / 4 as {{ type_large() }})
+ ({{ alias }}.code_1 / 4) * 4096
+ ({{ alias }}.code_2 / 4) * 16777216
+ case when {{ length }} >= 4 then {{ alias }}.code_3 / 4 else 0 end * 68719476736
+ case when {{ length }} = 5 then {{ alias }}.code_4 / 4 else 0 end * 281474976710656
{%- endmacro %}

{# The calls are there, and no three of them in a row are of one tool. #}
{% macro is_a_window(alias, length) -%}
{{ alias }}.code_2 is not null
and ({{ length }} < 4 or {{ alias }}.code_3 is not null)
and ({{ length }} < 5 or {{ alias }}.code_4 is not null)
{%- for n in range(3) %}
and not (
    {{ length }} >= {{ n + 3 }}
    and {{ alias }}.code_{{ n }} / 4 = {{ alias }}.code_{{ n + 1 }} / 4
    and {{ alias }}.code_{{ n + 1 }} / 4 = {{ alias }}.code_{{ n + 2 }} / 4
)
{%- endfor %}
{%- endmacro %}

{# The number of a tool of a window, 1 for the last one, 5 for the first of five. #}
{% macro window_tool(number, place) -%}
({{ number }} / {{ 4096 ** (place - 1) }}) % 4096
{%- endmacro %}

{# The tools of a window as text, from the first to the last. #}
{% macro window_sequence(prefix, most) -%}
{%- for n in range(most, 0, -1) -%}
{%- if n > 3 -%}
coalesce({{ prefix }}{{ n }}.tool_name || '→', '') ||{{ ' ' }}
{%- else -%}
{{ prefix }}{{ n }}.tool_name{{ " || '→' || " if n > 1 }}
{%- endif -%}
{%- endfor -%}
{%- endmacro %}
