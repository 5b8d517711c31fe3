{# What statistics of patterns are made of; the figures of each rule stand here alone. #}

{#
    Confidence of a pattern, 0 to 100, from its three parts; 10 where no workflow is
    linked to it.
#}
{% macro pattern_confidence(
    occurrences, linked, timed, variance, average_errors, average_retries
) -%}
case
            when {{ linked }} = 0 then 10
            else
                {{ confidence_frequency(occurrences) }}
                + {{ confidence_consistency(timed, variance) }}
                + {{ confidence_success(average_errors, average_retries) }}
        end
{%- endmacro %}

{# How often it came: 10 to 40. #}
{% macro confidence_frequency(occurrences) -%}
case
            when {{ occurrences }} >= 10 then 40
            when {{ occurrences }} >= 5 then 30
            when {{ occurrences }} >= 3 then 20
            else 10
        end
{%- endmacro %}

{# How alike its durations are: 10 to 30. One duration says nothing about that: 15. #}
{% macro confidence_consistency(timed, variance) -%}
case
            when {{ timed }} < 2 then 15
            when {{ variance }} < 100 then 30
            when {{ variance }} < 1000 then 20
            else 10
        end
{%- endmacro %}

{# How well it went: 5 to 30. #}
{% macro confidence_success(average_errors, average_retries) -%}
case
            when {{ average_errors }} = 0 and {{ average_retries }} = 0 then 30
            when {{ average_errors }} < 1 and {{ average_retries }} < 2 then 20
            when {{ average_errors }} < 3 then 10
            else 5
        end
{%- endmacro %}

{# Population variance of durations, exact: borders are met, not nearly met. #}
{% macro exact_variance(column) -%}
var_pop(cast({{ column }} as {{ type_exact() }}))
{%- endmacro %}

{# What stays of a measure when a tool takes the model's place. #}
{% macro share_with_tool() -%}
cast({{ 1 - var('tool_savings_share', 0.95) | float }} as {{ type_usd() }})
{%- endmacro %}

{#
    CTEs: the window that monthly rates rest on (`observed`, one row): the whole history
    of finished workflows, or the moments given as variables, of UTC where they say no
    zone.
#}
{% macro pattern_window(workflows) -%}
{%- set given = {'start': var('pattern_window_start', none),
                 'end': var('pattern_window_end', none)} -%}
bounds as (

    select
        {%- for side, aggregate in [('start', 'min'), ('end', 'max')] %}
        {{ aggregate }}(
            {%- if given[side] is none %}
            seen_at
            {%- else %}
            cast('{{ given_moment(given[side]) }}' as {{ type_moment() }})
            {%- endif %}
        ) as window_{{ side }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ workflows }}
    where is_finished

),

observed as (

    select
        *,
        {{ seconds_between('window_start', 'window_end') }} / 86400 as window_days
    from bounds

)
{%- endmacro %}

{# A moment given as a variable; UTC where it says no zone behind its day. #}
{% macro given_moment(value) -%}
{%- set clock = (value | string)[10:] -%}
{{ value }}{{ ' UTC' if not ('+' in clock or '-' in clock or 'Z' in clock) }}
{%- endmacro %}

{# A condition: the moment lies in the window; all do when no window is given. #}
{% macro in_pattern_window(moment, window) -%}
{%- if var('pattern_window_start', none) is none
    and var('pattern_window_end', none) is none -%}
true
{%- else -%}
coalesce(
    {{ moment }} >= {{ window }}.window_start and {{ moment }} <= {{ window }}.window_end,
    false
)
{%- endif -%}
{%- endmacro %}

{# Dollars saved so often in the window, as a rate per month. #}
{% macro monthly_rate(saved_each, occurrences, days) -%}
{{ saved_each }} * {{ occurrences }}
        * {{ var('pattern_month_days', 30) }} / nullif({{ days }}, 0)
{%- endmacro %}

{# Why there is no monthly rate: too few days were observed. #}
{% macro short_window_note(days) -%}
'window of ' || cast(round({{ days }}, 1) as {{ type_text() }})
                    || ' days is under {{ var("pattern_min_window_days", 7) }}'
{%- endmacro %}
