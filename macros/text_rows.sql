{# Rows of texts and nulls as a query, for tests of macros. #}
{% macro text_rows(rows, columns) -%}
{%- for row in rows %}
    {{ 'union all ' if not loop.first }}select
        {%- for column in columns %}
        {{ "'" ~ row[loop.index0] ~ "'" if row[loop.index0] is not none else 'null' }}
            as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endfor %}
{%- endmacro %}
