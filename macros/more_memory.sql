{#
    For pre_hook of a model that sums a whole month in memory: without it Postgres sorts
    the rows on disk first. Until the end of the model's transaction.
#}
{% macro more_memory() -%}
{% if target.type == 'postgres' -%}
set local work_mem = '128MB'
{%- else -%}
select 1
{%- endif %}
{%- endmacro %}
