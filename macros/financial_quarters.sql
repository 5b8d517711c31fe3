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

{# The first day of a quarter from its name: 'Q4 2025/26' is January to March 2026. #}
{% macro quarter_start(label) -%}
{%- set year = "cast(substring(" ~ label ~ ", 4, 4) as integer)" -%}
cast(
            case left({{ label }}, 2)
                when 'Q1' then {{ year }} || '-04-01'
                when 'Q2' then {{ year }} || '-07-01'
                when 'Q3' then {{ year }} || '-10-01'
                when 'Q4' then ({{ year }} + 1) || '-01-01'
            end as date
        )
{%- endmacro %}
