{# Names and numbers of a group as one JSON object, in text, by name. #}
{% macro json_object_of(name, number) -%}
cast(json_object_agg({{ name }}, {{ number }} order by {{ name }}) as {{ type_text() }})
{%- endmacro %}

{# Evaluation template and model as one name, as the earlier pivots had it. #}
{% macro score_column_key() -%}
coalesce(evaluation_template, '') || '__' || coalesce(evaluation_model, '')
{%- endmacro %}

{# What a row of evaluation_scores_pivot is; names of evaluation_scores. #}
{% macro score_pivot_columns() -%}
{{ return([
    'essay_task_id', 'combo_id', 'draft_template', 'generation_template',
    'generation_model',
]) }}
{%- endmacro %}

{#
    The pivot with a column per evaluation template and model that has scores now, as the
    earlier csv had it. The columns are the data's, so it is no model with a contract:
    dbt show --inline "{% raw %}{{ evaluation_scores_wide() }}{% endraw %}" --limit -1
    A name longer than Postgres takes keeps its beginning and gets a hash.
#}
{% macro evaluation_scores_wide() -%}
{%- set scores = ref('evaluation_scores') -%}
{%- set keys = [] -%}
{%- if execute -%}
{%- set found = run_query('select distinct column_key from ' ~ scores ~ ' order by 1') -%}
{%- set keys = found.columns[0].values() -%}
{%- endif -%}
select
    {{ score_pivot_columns() | join(',\n    ') }}
    {%- for key in keys %},
    max(case when column_key = '{{ key | replace("'", "''") }}' then score end)
        as {{ adapter.quote(
            key | replace('"', '') if key.encode() | length <= 63
            else key[:30] | replace('"', '') ~ '_' ~ local_md5(key)
        ) }}
    {%- endfor %}
from {{ scores }}
where is_first and essay_task_id is not null
group by {{ score_pivot_columns() | join(', ') }}
{%- endmacro %}

{# The groups scores are summed up by: what they are called, and their columns. #}
{% macro score_groupings() -%}
{{ return({
    'by_generation_template': ['generation_template'],
    'by_generation_model': ['generation_model'],
    'by_evaluation_model': ['evaluation_model'],
    'by_combo_id': ['combo_id'],
    'by_template_and_generation_model': ['generation_template', 'generation_model'],
    'by_generation_vs_evaluation_model': ['generation_model', 'evaluation_model'],
    'overall_statistics': [],
}) }}
{%- endmacro %}

{# A name as part of a key: what has none is a group too. #}
{% macro named_or_none(column) -%} coalesce({{ column }}, '(none)') {%- endmacro %}

{# The last step of a path. #}
{% macro file_name_of(path) -%}
split_part(replace({{ path }}, '\', '/'), '/', -1)
{%- endmacro %}

{# What an evaluation judges; one that names nothing judges what no other does. #}
{% macro judged_key() -%}
coalesce(target_doc_id, essay_task_id, generation_task_id, evaluation_key)
{%- endmacro %}
