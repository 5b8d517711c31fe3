{#
    What the resolution of documents rests on, as one text: the files that count, the
    reviewed repairs, the rules and the settings. Builds compare it with the one that was
    resolved last (int_document_resolved): where they agree there is nothing to do.
#}
{% macro documents_input_version(files, repairs) -%}
{%- set code = code_version(
    [
        'silver_documents__result_rows', 'silver_documents__text_landings',
        'int_document_repairs', 'int_document_rows', 'int_document_drafts',
        'int_document_essays', 'int_document_evaluations', 'bad_generations',
        'int_document_latest', 'document_lineage', 'duplicate_content',
        'documents_consistency_report', 'document_row_accounting', 'backfill_counters',
        'silver_documents__document_files', 'silver_documents__catalogue',
        'int_document_evaluation_rows', 'silver_documents__evaluations',
        'silver_documents__scores', 'parsed_scores', 'evaluation_scores',
        'generation_scores', 'score_drift', 'score_summaries', 'evaluator_agreement',
        'evaluation_scores_pivot', 'perfect_score_paths',
    ],
    [
        document_kinds() | string, utc_timestamp('x'), doc_key(['x']),
        documents_written('x', none, ['x']), document_response_roots(),
        document_reason(), document_detail(),
        document_id_settings(), score_rules_version(), document_score_strategy('x'),
    ],
) -%}
'{{ code }}'
        || ' ' || (select {{ rows_hash('repairs') }} from {{ repairs }} as repairs)
        || ' ' || (
            select {{ rows_hash('loaded') }}
            from (
                select _file_id, load_id, load_sequence from {{ files }} as files
                where status = 'loaded'
            ) as loaded
        )
{%- endmacro %}

{# Whether anything is to be resolved; asks the warehouse. Without a first build: yes. #}
{% macro documents_have_news() -%}
{%- set inputs = ref('int_document_inputs') -%}
{%- if not (execute and is_incremental()) -%}
{{ return(true) }}
{%- endif -%}
{{ return(documents_are_unsettled(inputs)) }}
{%- endmacro %}

{#
    Whether the inputs are others than those of the last build that came to its end, with
    every test. Not a ref: int_document_resolved comes after all that asks this.
#}
{% macro documents_are_unsettled(inputs) -%}
{%- set resolved = adapter.get_relation(
    database=inputs.database, schema=inputs.schema, identifier='int_document_resolved'
) -%}
{%- if resolved is none -%}
{{ return(true) }}
{%- endif -%}
{%- set found = run_query(
    'select inputs.input_version = resolved.input_version,'
    ~ ' inputs.id_settings = resolved.id_settings,'
    ~ ' inputs.id_settings, resolved.id_settings from ' ~ inputs
    ~ ' as inputs cross join ' ~ resolved ~ ' as resolved'
).rows -%}
{%- if found | length > 0 and not found[0][1] and is_incremental() -%}
{% do refuse_other_ids(found[0][2], found[0][3]) %}
{%- endif -%}
{{ return(found | length == 0 or not found[0][0]) }}
{%- endmacro %}

{# Documents stay as they are written, so ids of two kinds would stand side by side. #}
{% macro refuse_other_ids(wanted, written) -%}
{% do exceptions.raise_compiler_error(
    'cannot write documents with other ids than those that are there'
    ~ '\n  where:    vars documents_attempt_key and documents_run_id'
    ~ '\n  expected: ' ~ written
    ~ '\n  found:    ' ~ wanted
    ~ '\n  next:     leave the vars as they were, or make all ids anew: the same command'
    ~ ' with --full-refresh --selector documents'
) %}
{%- endmacro %}

{# How ids are made, in one text. #}
{% macro document_id_settings() -%}
{{ return('attempt key ' ~ document_attempt_key() ~ ', run ' ~ document_run_id()) }}
{%- endmacro %}

{# For pre_hook: a table that is made anew when there is news, and left alone otherwise. #}
{% macro empty_when_news() -%}
{%- set has_news = documents_have_news() -%}
{%- if is_incremental() and has_news -%}
truncate table {{ this }}
{%- else -%}
select 1
{%- endif -%}
{%- endmacro %}

{# A condition for where: only a build with news computes anything. #}
{% macro when_news() -%}
{{ '1 = 1' if documents_have_news() else '1 = 0' }}
{%- endmacro %}

{# For where: the row has not been written by an earlier build. #}
{% macro not_yet_written(alias) -%}
{%- set news = when_news() -%}
{%- if is_incremental() -%}
{{ news }}
        and not exists (
            select 1 from {{ this }} as written
            where {{ alias }}.natural_key = written.natural_key
        )
{%- else -%}
1 = 1
{%- endif -%}
{%- endmacro %}
