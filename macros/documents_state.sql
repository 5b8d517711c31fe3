{#
    What the resolution of documents rests on, as one text: the files that count, the
    reviewed repairs, the rules and the settings. Builds compare it with the one that was
    resolved last (int_document_resolved): where they agree there is nothing to do.
#}
{% macro documents_input_version(files, repairs) -%}
{%- set names = [] -%}
{%- set told = document_rules() -%}
{%- for node in nodes_of_news() -%}
{%- do names.append(node.name) -%}
{%- set types = node.columns.values() | map(attribute='data_type', default='') | join(',') -%}
{%- do told.append(node.unique_id ~ types) -%}
{%- endfor -%}
{%- set code = code_version(names, told) -%}
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

{#
    What the models of documents call, as texts: with their own code, all that decides what
    they hold. A unit test finds what is missing here.
#}
{% macro document_rules() -%}
{{ return([
    document_kinds() | string, by_document_kind('task'), documents_files(),
    load_order('x'), never_replaced(), filled_text('x'), utc_timestamp('x'),
    document_path('x'), path_escapes('x'), document_response_roots(),
    document_prompts('x'), prompt_path_of('x'), parsed_draft('x', 'x'),
    written_row_key('x'), repaired_row_key(), corrected('status'),
    corrected('response_file'),
    document_reason(), document_detail(), unresolved_target_detail(),
    document_reasons() | string, backfill_counter_definitions() | string,
    doc_key(['x']), document_id('x'), documents_written('x', none, ['x']),
    is_standing('x', 'x'), rows_of_today('x', 'x'), is_of_today(),
    document_columns() | string, document_id_settings(), json_pairs([('x', 'x')]),
    score_rules_version(), document_score_strategy('x'), json_object_of('x', 'x'),
    score_column_key(), score_pivot_columns() | string, score_groupings() | string,
    named_or_none('x'), judged_key(), file_name_of('x'), by_score_strategy('x'),
    no_strategy_error('x'), nhs_number('x'), published_flag('x'), ratio('x', 'y'),
    sha256_of_text('x'),
]) }}
{%- endmacro %}

{# How ids are made, in one text. #}
{% macro document_id_settings() -%}
{{ return(document_id_rule() ~ ', run ' ~ document_run_id()) }}
{%- endmacro %}

{# The same without the run, as every document of the growing tables has it. #}
{% macro document_id_rule() -%}
{{ return(
    'attempt key ' ~ document_attempt_key()
    ~ ', rule of the key ' ~ local_md5(written_row_key('x'))[:8]
) }}
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
{%- set resolved = documents_resolved() -%}
{%- set found = [] -%}
{%- if resolved is not none -%}
{%- set found = run_query(
    'select inputs.input_version = resolved.input_version from '
    ~ inputs.render() ~ ' as inputs cross join ' ~ resolved.render() ~ ' as resolved'
).rows -%}
{%- endif -%}
{%- set settled = found | length > 0 and found[0][0] -%}
{#- How ids are made is part of the version: asked only where it differs. -#}
{%- if not settled and not flags.FULL_REFRESH -%}
{% do refuse_other_ids() %}
{%- endif -%}
{{ return(not settled) }}
{%- endmacro %}

{#
    Documents stay as they are written, so ids of two kinds would stand side by side. All
    rows of a table have one kind: any of them tells.
#}
{% macro refuse_other_ids() -%}
{%- set wanted = document_id_settings() -%}
{%- for name in ['drafts', 'essays', 'evaluations'] -%}
{%- set written = model_relation('int_document_' ~ name) -%}
{%- if written is not none -%}
{%- set found = run_query(
    "select coalesce(cast(to_jsonb(written) ->> 'id_rule' as " ~ type_text() ~ "),"
    ~ " 'an earlier rule of the key') || ', run ' || run_id from "
    ~ written.render() ~ ' as written limit 1'
).rows -%}
{%- if found | length > 0 and found[0][0] != wanted -%}
{% do exceptions.raise_compiler_error(
    'cannot write documents with other ids than those that are there'
    ~ '\n  where:    ' ~ written.render() ~ '; vars documents_attempt_key and'
    ~ ' documents_run_id, or the rule of the key'
    ~ '\n  expected: ' ~ found[0][0]
    ~ '\n  found:    ' ~ wanted
    ~ '\n  next:     leave the vars as they were, or make all ids anew: the same command'
    ~ ' with --full-refresh --selector documents'
) %}
{%- endif -%}
{%- endif -%}
{%- endfor -%}
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
