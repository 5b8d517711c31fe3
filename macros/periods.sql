{# A date to its month, 'YYYY-MM'. #}
{% macro month_label(date_column) -%}
to_char({{ date_column }}, 'YYYY-MM')
{%- endmacro %}

{# The last day of the month of a date. #}
{% macro month_end(date_column) -%}
cast(date_trunc('month', {{ date_column }}) + interval '1 month - 1 day' as date)
{%- endmacro %}
