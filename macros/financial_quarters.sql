{# The first day of a quarter to its name in the financial year: 'Q1 2025/26'. #}
{% macro quarter_label(date_column) -%}
{%- set month = "cast(extract(month from " ~ date_column ~ ") as integer)" -%}
{%- set year = "(cast(extract(year from " ~ date_column ~ ") as integer) - case when "
    ~ month ~ " < 4 then 1 else 0 end)" -%}
'Q' || cast((mod({{ month }} + 8, 12) - mod(mod({{ month }} + 8, 12), 3)) / 3 + 1 as {{ type_text() }})
        || ' ' || cast({{ year }} as {{ type_text() }})
        || '/' || right(cast({{ year }} + 1 as {{ type_text() }}), 2)
{%- endmacro %}
