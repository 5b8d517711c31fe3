{# Settings of the resolution, from the project's vars. #}
{% macro document_run_id() -%}
{{ return(var('documents_run_id', 'hindcast')) }}
{%- endmacro %}

{% macro document_attempt_key() -%}
{%- set key = var('documents_attempt_key', 'natural') -%}
{%- if key not in ['natural', 'row_index'] -%}
{% do exceptions.raise_compiler_error(
    'cannot make ids of documents'
    ~ '\n  where:    var documents_attempt_key'
    ~ '\n  expected: natural or row_index'
    ~ '\n  found:    ' ~ key
    ~ '\n  next:     leave the var out, or set it to one of the two'
) %}
{%- endif -%}
{{ return(key) }}
{%- endmacro %}

{#
    Which roots a response of each stage is looked for in, first one first: the appenders
    wrote evaluations below 4_evaluation, the texts that went with the csv say 3_generation.
#}
{% macro document_response_roots() -%}
{%- set roots = {
    'generation': var('documents_generation_roots', ['3_generation']),
    'evaluation': var('documents_evaluation_roots', ['3_generation', '4_evaluation']),
} -%}
{%- for kind, names in roots.items() -%}
{%- set outer = loop -%}
{%- for name in names %}
    {{ 'union all ' if not (outer.first and loop.first) }}select
        cast({{ 'true' if kind == 'evaluation' else 'false' }} as boolean)
            as is_evaluation,
        '{{ name }}' as root,
        {{ loop.index }} as root_rank
{%- endfor -%}
{%- endfor -%}
{%- endmacro %}

{# A path as its csv has it: a blank inside, of whatever kind, is part of a name. #}
{% macro written_path(column) -%}
nullif(trim(both e' \t\r\n' from {{ column }}), '')
{%- endmacro %}

{# The path of a response below its root, as the texts have it: no './', no '//'. #}
{% macro document_path(column) -%}
regexp_replace(replace({{ column }}, '\', '/'), '(^|/)([.]?/)+', '\1', 'g')
{%- endmacro %}

{# Whether a path as written leads out of its root, or starts elsewhere. #}
{% macro path_escapes(column) -%}
regexp_like(
            replace({{ column }}, '\', '/'), '(^|/)[.][.](/|$)|^/|^[A-Za-z]:'
        )
{%- endmacro %}

{#
    Why a row cannot be used, as far as the row and its response tell; the first reason
    counts. Null: it may become a document.
#}
{% macro document_reason() -%}
case
            when
                task_id is null
                or template_id is null
                or model_id is null
                or generated_at is null
                or coalesce(status, '') != 'success'
                or (combo_id is null and stage != 'evaluation')
                then 'invalid_row'
            when is_escaping or sha256 is null
                then 'missing_response_file'
            when not is_readable then 'unreadable_response_file'
        end
{%- endmacro %}

{# The reason in words. #}
{% macro document_detail() -%}
case
            when reason = 'invalid_row' then trim(
                {%- for column, name in [
                    ('task_id', 'task id'), ('template_id', 'template'),
                    ('model_id', 'model'),
                ] %}
                case when {{ column }} is null then '; no {{ name }}' else '' end
                ||
                {%- endfor %}
                case
                    when combo_id is null and stage != 'evaluation'
                        then '; no combo'
                    else ''
                end
                || case
                    when status is null then '; no status'
                    when status != 'success'
                        then '; status is ' || status
                    else ''
                end
                || case
                    when written_time is null then '; no timestamp'
                    when generated_at is null
                        then '; not a time: ' || written_time
                    else ''
                end, '; '
            )
            when reason = 'unreadable_response_file'
                then 'the response is no text that can be kept'
                    || coalesce(': ' || text_flags, '')
            when response_file is null then 'the row names no response'
            when is_escaping
                then 'the path leaves its root, and was not followed'
            when reason is not null
                then 'no text landed under this path'
        end
{%- endmacro %}

{# What a reviewed repair may correct; names of int_document_rows. #}
{% macro repairable_document_columns() -%}
{{ return([
    'task_id', 'combo_id', 'template_id', 'model_id', 'status', 'written_time',
    'response_file', 'target_essay_task_id', 'target_generation_task_id',
]) }}
{%- endmacro %}

{# A corrected value as the rows have theirs: trimmed, a status in small letters. #}
{% macro corrected(column) -%}
{%- if column == 'response_file' -%}
{{ written_path('corrected_value') }}
{%- else -%}
{{ 'lower' if column == 'status' }}({{ filled_text('corrected_value') }})
{%- endif -%}
{%- endmacro %}

{# One text for a row as its csv has it, apart from where its response lies. #}
{% macro written_row_key(alias) -%}
{%- set columns = [] -%}
{%- for column in ['kind'] + repairable_document_columns()
    if column != 'response_file' -%}
{%- do columns.append(alias ~ '.' ~ column) -%}
{%- endfor -%}
{{ texts_as_one(columns) }}
{%- endmacro %}

{# Texts that are prompts, each path once in a folder. #}
{% macro document_prompts(texts) -%}
select
    base,
    path
from {{ texts }}
where path like '%_prompts/%'
group by base, path
{%- endmacro %}

{# Where the prompt of a response lies: links_responses/x.txt, links_prompts/x.txt. #}
{% macro prompt_path_of(response_file) -%}
replace({{ document_path(response_file) }}, '_responses/', '_prompts/')
{%- endmacro %}

{# Which names an evaluation gave to its target, none of them a document's. #}
{% macro unresolved_target_detail() -%}
case
                    when coalesce(target_essay_task_id, target_generation_task_id) is null
                        then 'the row names no essay and no generation'
                    else trim(
                        coalesce('no document is the essay ' || target_essay_task_id, '')
                        || coalesce(
                            '; no document is the generation '
                            || target_generation_task_id, ''
                        ), '; '
                    )
                end
{%- endmacro %}

{# Why rows could not be used, in the order they are looked for. #}
{% macro document_reasons() -%}
{{ return([
    'invalid_row', 'missing_response_file', 'unreadable_response_file',
    'unresolved_parent', 'unresolved_target',
]) }}
{%- endmacro %}

{# Counters of a backfill: name, stage or any, outcome or any bad one. #}
{% macro backfill_counter_definitions() -%}
{{ return([
    ('draft_ok', 'draft', 'ok'),
    ('draft_missing_response', 'draft', 'missing_response_file'),
    ('essay_parent_resolved', 'essay', 'ok'),
    ('essay_unresolved_parent', 'essay', 'unresolved_parent'),
    ('eval_resolved', 'evaluation', 'ok'),
    ('eval_unresolved_target', 'evaluation', 'unresolved_target'),
    ('bad_generations', none, none),
]) }}
{%- endmacro %}

{# One text for the row that a repair is for. #}
{% macro repaired_row_key(alias='') -%}
{{ text_hash(texts_as_one([
    alias ~ 'source_csv', alias ~ 'task_id', alias ~ 'generation_timestamp',
    alias ~ 'response_file',
])) }}
{%- endmacro %}
