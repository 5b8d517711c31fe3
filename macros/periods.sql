{# A date to its month, 'YYYY-MM'. #}
{% macro month_label(date_column) -%}
to_char({{ date_column }}, 'YYYY-MM')
{%- endmacro %}
