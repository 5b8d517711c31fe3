{#
    How Postgres should read the long tables of metrics; for pre_hook, until the end of the
    model's transaction. Metric, period and disaggregation depend on each other: the planner
    multiplies their shares, expects one row where there are hundreds, and would loop over
    (nested loops) or sort (merge joins) the whole table once per period. A bigger sample
    does not help, since the columns are not independent in it either.
#}
{% macro hash_joins_only() -%}
{% if target.type == 'postgres' -%}
set local enable_nestloop = off; set local enable_mergejoin = off
{%- else -%}
select 1
{%- endif %}
{%- endmacro %}

{# The same, and the lists of a build's cohorts stay in memory. #}
{% macro memory_for_cohorts() -%}
{{ hash_joins_only() }}
{%- if target.type == 'postgres' -%}
; set local work_mem = '256MB'; set local hash_mem_multiplier = 4
{%- endif %}
{%- endmacro %}

{#
    The column is among the values of the same column of a relation. The values are found
    first and looked up in the column's index; with a join the table would be read whole.
#}
{% macro is_one_of(column, relation) -%}
{{ column }} = any(array(select {{ column.split('.') | last }} from {{ relation }}))
{%- endmacro %}
