{% macro grant_analyst_access() %}{% endmacro %}
