{# The first day of a quarter to its name in the financial year: 'Q1 2025/26'. #}
{% macro quarter_label(date_column) -%}
{%- set month = "extract(month from " ~ date_column ~ ")" -%}
{%- set year = "cast(extract(year from " ~ date_column ~ ") as integer)" -%}
case
            when {{ month }} < 4
                then 'Q4 ' || cast({{ year }} - 1 as {{ type_text() }})
                || '/' || right(cast({{ year }} as {{ type_text() }}), 2)
            else case
                when {{ month }} < 7 then 'Q1 '
                when {{ month }} < 10 then 'Q2 '
                else 'Q3 '
            end || cast({{ year }} as {{ type_text() }})
            || '/' || right(cast({{ year }} + 1 as {{ type_text() }}), 2)
        end
{%- endmacro %}

{#
    A quarter as printed, one that the reader has checked, to its name: 'q3 25-26' to
    'Q3 2025/26'. Null for a blank cell.
#}
{% macro quarter_label_of(text) -%}
{%- set key = label_key(text) -%}
upper(split_part({{ key }}, '_', 1))
        || ' 20' || right(split_part({{ key }}, '_', 2), 2)
        || '/' || right(nullif(split_part({{ key }}, '_', 3), ''), 2)
{%- endmacro %}

{# First and last day of a quarter from its name: 'Q4 2025/26' ends on 31 March 2026. #}
{% macro quarter_start(label) -%}
{{ quarter_day(label, ['-04-01', '-07-01', '-10-01', '-01-01']) }}
{%- endmacro %}

{% macro quarter_end(label) -%}
{{ quarter_day(label, ['-06-30', '-09-30', '-12-31', '-03-31']) }}
{%- endmacro %}

{% macro quarter_day(label, days) -%}
{%- set year = "cast(substring(" ~ label ~ ", 4, 4) as integer)" -%}
cast(
            case left({{ label }}, 2)
                {%- for day in days %}
                when 'Q{{ loop.index }}'
                    then cast({{ year }} + {{ loop.index // 4 }} as {{ type_text() }})
                    || '{{ day }}'
                {%- endfor %}
            end as date
        )
{%- endmacro %}
