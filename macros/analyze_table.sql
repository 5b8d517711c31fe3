{#
    Statistics of a table just built, for the queries that follow in the same build:
    without them Postgres plans joins for one row and loops over thousands.
#}
{% macro analyze_table() -%}
{% if target.type == 'postgres' and model.config.materialized == 'table' -%}
analyze {{ this }}
{%- endif %}
{%- endmacro %}
