{# Numerator over denominator in double precision; null when the denominator is 0. #}
{% macro ratio(numerator, denominator) -%}
cast({{ numerator }} as {{ type_ratio() }})
/ nullif(cast({{ denominator }} as {{ type_ratio() }}), 0)
{%- endmacro %}
