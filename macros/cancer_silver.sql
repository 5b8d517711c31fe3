{# Columns that every silver table of cancer waits starts and ends with. #}

{# Expects the aliases waits (raw rows) and vintages. #}
{% macro cancer_silver_keys() -%}
{{ month_label('waits._period_start') }} as period,
        waits.basis,
        vintages.source_table,
        vintages.sheet_number,
        nullif(upper({{ clean_text('waits.ods_code') }}), '') as org_code,
        {{ clean_text('waits.org_name') }} as org_name
{%- endmacro %}

{% macro cancer_silver_provenance() -%}
{{ is_national_row('waits.ods_code', 'waits.org_name') }} as is_national,
        vintages.is_current,
        vintages.is_example,
        waits._period_start as period_start,
        waits._period_end as period_end,
        waits._release_status as release_status,
        waits._file_id as file_id,
        waits._source_file as source_file,
        waits._source_sheet as source_sheet,
        waits._source_part as source_part,
        waits._source_row as source_row
{%- endmacro %}

{#
    The publisher's own totals have no code, or a sign in its place. The names are those
    the reader takes for England's (_NATIONAL in loaders/cancer/blocks.py), with whatever
    follows them, such as the mark of a footnote.
#}
{% macro is_national_row(code, name) -%}
(
    upper(coalesce({{ clean_text(code) }}, '')) in ('', '-', 'TOTAL')
    and regexp_like(
        upper(coalesce({{ clean_text(name) }}, '')),
        '^(ALL +ENGLISH($|[^A-Z0-9_])|ENGLAND($|[^A-Z0-9_])|ENGLISH +TOTAL|TOTAL)'
    )
)
{%- endmacro %}

{# Raw rows meet their vintage: rows of an unfinished load have none. #}
{% macro cancer_vintage_join() -%}
waits._file_id = vintages.file_id
        and waits._dlt_load_id = vintages.load_id
        and waits._source_table = vintages.source_table
        and waits.basis = vintages.basis
{%- endmacro %}

{# Before October 2023 one number covered several tables, known by their titles: their
   names begin with the entry of the seed, as in legacy_31_day_first_treatment. #}
{% macro cancer_table_family(source_table) -%}
case
            when {{ source_table }} like 'legacy%'
                then substring({{ source_table }}, 1, length('legacy_00_day'))
            else {{ source_table }}
        end
{%- endmacro %}

{# The silver tables of published rows, for tests over all of them. #}
{% macro cancer_silver_tables() -%}
{{ return([
    'silver_cancer__fds_waits',
    'silver_cancer__treatment_31_day_waits',
    'silver_cancer__treatment_62_day_waits',
    'silver_cancer__first_seen_waits',
    'silver_cancer__legacy_waits',
]) }}
{%- endmacro %}

{#
    The generic tests of these models that would fail a build for a superseded row: all
    but those that are not about what was published (the grain is the reader's promise).
#}
{% macro tests_of_superseded_rows(models) -%}
{%- set found = [] -%}
{%- if graph is defined and graph.nodes is defined -%}
{%- for node in graph.nodes.values() if node.resource_type == 'test' -%}
{%- set on = (node.attached_node or '').split('.') | last -%}
{%- if
    on in models
    and node.test_metadata.name != 'unique_grain'
    and node.config.severity | lower != 'warn'
    and 'is_current' not in (node.config.where or '')
-%}
{%- do found.append(node.name) -%}
{%- endif -%}
{%- endfor -%}
{%- endif -%}
select test_name
from (
    {%- for name in found + [''] %}
    select '{{ name }}' as test_name
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
) as found
where test_name != ''
{%- endmacro %}
