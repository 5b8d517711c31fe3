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
