{#
    How Postgres should read the long tables of metrics; for pre_hook, until the end of the
    model's transaction. Metric, period and disaggregation depend on each other: the planner
    multiplies their shares, expects one row where there are hundreds, and would loop over
    (nested loops) or sort (merge joins) the whole table once per period. A bigger sample
    does not help, since the columns are not independent in it either. Rows of documents
    that are numbered and joined back by their number look like one row too.
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
    first, each once (every row is compared with all of them), and looked up in the column's
    index; with a join the table would be read whole. How many there are is not known to
    the planner, so the model takes `index_scans_only` as well.
#}
{% macro is_one_of(column, relation) -%}
{%- set name = column.split('.') | last -%}
{{ column }} = any(array(select {{ name }} from {{ relation }} group by {{ name }}))
{%- endmacro %}

{# For pre_hook: no table is read whole that has an index for what is asked. #}
{% macro index_scans_only() -%}
{% if target.type == 'postgres' -%}
set local enable_seqscan = off
{%- else -%}
select 1
{%- endif %}
{%- endmacro %}

{# A CTE that is computed once, however often its columns are used. #}
{% macro computed_once() -%} materialized {%- endmacro %}

{# A CTE that is planned where it is used, also when it is used more than once. #}
{% macro inlined() -%} not materialized {%- endmacro %}

{# For the end of a CTE: its columns are values, and not written out where they are used. #}
{% macro one_pass() -%} offset 0 {%- endmacro %}
