{# Texts that hold several values, and JSON made of rows. #}

{# From clause: the words of a text that blanks separate, one row each, `word`. #}
{% macro words_in(column, alias) -%}
lateral unnest(string_to_array(nullif({{ column }}, ''), ' ')) as {{ alias }} (word)
{%- endmacro %}

{# The values of a group as a JSON object by name, in the given order, as JSON. #}
{% macro json_counts(name, value, order_by) -%}
json_object_agg({{ name }}, {{ value }} order by {{ order_by }})
{%- endmacro %}

{# Text of a JSON object of named expressions, in this order. #}
{% macro json_object_text(members) -%}
cast(
            json_build_object(
                {%- for name, value in members.items() %}
                '{{ name }}', {{ value }}{{ ',' if not loop.last }}
                {%- endfor %}
            ) as {{ type_text() }}
        )
{%- endmacro %}

{# An empty JSON object where there is none. #}
{% macro json_or_empty(column) -%}
coalesce({{ column }}, cast('{}' as json))
{%- endmacro %}

{# The value below which the given share of a group's values lie. #}
{% macro percentile(column, share) -%}
percentile_cont({{ share }}) within group (order by {{ column }})
{%- endmacro %}

{# The day of a moment, as UTC has it, 'YYYY-MM-DD'; '(undated)' where there is none. #}
{% macro utc_day(moment) -%}
coalesce(to_char({{ moment }} at time zone 'UTC', 'YYYY-MM-DD'), '(undated)')
{%- endmacro %}

{# The last value that holds before a row, in the order of its group. #}
{% macro last_before(value, partition_by, order_by) -%}
max({{ value }}) over (
            partition by {{ partition_by }}
            order by {{ order_by }}
            rows between unbounded preceding and 1 preceding
        )
{%- endmacro %}

{# The first part of a signature, its category. #}
{% macro first_part(signature) -%}
split_part({{ signature }}, ':', 1)
{%- endmacro %}
