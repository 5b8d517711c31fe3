{# A date to its month, 'YYYY-MM'. #}
{% macro month_label(date_column) -%}
to_char({{ date_column }}, 'YYYY-MM')
{%- endmacro %}

{# A month, 'YYYY-MM', to its first day. #}
{% macro month_start(period_column) -%}
cast({{ period_column }} || '-01' as date)
{%- endmacro %}

{# A month, 'YYYY-MM', to its last day. #}
{% macro month_end(period_column) -%}
cast(cast({{ period_column }} || '-01' as date) + interval '1 month - 1 day' as date)
{%- endmacro %}

{# The last day of the month of a date. #}
{% macro last_of_month(date_column) -%}
cast(date_trunc('month', {{ date_column }}) + interval '1 month - 1 day' as date)
{%- endmacro %}
