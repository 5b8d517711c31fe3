{# The middle of a group's values; between two of them, halfway. #}
{% macro median(column) -%}
percentile_cont(0.5) within group (order by {{ column }})
{%- endmacro %}
