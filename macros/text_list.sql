{# The texts of a group as one text, in the given order, separated by '; '. #}
{% macro text_list(column, order_by) -%}
string_agg({{ column }}, '; ' order by {{ order_by }})
{%- endmacro %}

{# As text_list(), the separator being one that no text contains. #}
{% macro ordered_list(column, order_by) -%}
string_agg({{ column }}, ' | ' order by {{ order_by }})
{%- endmacro %}
