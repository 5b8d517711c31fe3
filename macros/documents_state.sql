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
    document_reason(), document_detail(), unresolved_target_detail(),
    document_reasons() | string, backfill_counter_definitions() | string,
    doc_key(['x']), document_id('x'), documents_written('x', none, ['x']),
    document_columns() | string, document_id_settings(), json_pairs([('x', 'x')]),
    score_rules_version(), document_score_strategy('x'), json_object_of('x', 'x'),
    score_column_key(), score_pivot_columns() | string, score_groupings() | string,
    named_or_none('x'), judged_key(), file_name_of('x'), by_score_strategy('x'),
    no_strategy_error('x'), nhs_number('x'), published_flag('x'), ratio('x', 'y'),
    sha256_of_text('x'),
]) }}
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
{%- if resolved is none -%}
{{ return(true) }}
{%- endif -%}
{%- set found = run_query(
    'select inputs.input_version = resolved.input_version, resolved.id_settings from '
    ~ inputs.render() ~ ' as inputs cross join ' ~ resolved.render() ~ ' as resolved'
).rows -%}
{%- if
    found | length > 0 and found[0][1] != document_id_settings()
    and not flags.FULL_REFRESH
-%}
{% do refuse_other_ids(document_id_settings(), found[0][1]) %}
{%- endif -%}
{{ return(found | length == 0 or not found[0][0]) }}
{%- endmacro %}

{# The table of the line of the last build; none before the first. #}
{% macro documents_resolved() -%}
{%- set node = graph.nodes['model.hindcast.int_document_resolved'] -%}
{{ return(adapter.get_relation(
    database=node.database, schema=node.schema, identifier=node.alias
)) }}
{%- endmacro %}

{# The models and tests that rest on int_document_inputs and nothing else: meta of_news. #}
{% macro nodes_of_news() -%}
{%- set found = [] -%}
{%- for node in (graph.nodes.values() if execute else [])
    if node.resource_type in ['model', 'test'] and node.config.meta.of_news -%}
{%- do found.append(node) -%}
{%- endfor -%}
{{ return(found) }}
{%- endmacro %}

{# Whether this command makes all models of documents and asks all their tests. #}
{% macro documents_are_whole() -%}
{%- set left_out = [] -%}
{%- for node in nodes_of_news() if node.unique_id not in selected_resources -%}
{%- do left_out.append(node.name) -%}
{%- endfor -%}
{{ return(
    execute and flags.WHICH == 'build' and not flags.EMPTY and left_out | length == 0
) }}
{%- endmacro %}

{# The same for a where. #}
{% macro whole_documents() -%}
{{ '1 = 1' if documents_are_whole() else '1 = 0' }}
{%- endmacro %}

{# This run of dbt, as a text of SQL. #}
{% macro this_build() -%}
'{{ invocation_id if execute else '' }}'
{%- endmacro %}

{#
    Takes away the line of the last build: what is there may no longer be what that build
    made and tested, so the next whole build makes and tests all of it.
#}
{% macro documents_unended(condition="input_version != 'not ended'") -%}
{%- set resolved = documents_resolved() if execute else none -%}
{%- if resolved is not none -%}
update {{ resolved.render() }} set input_version = 'not ended' where {{ condition }}
{%- endif -%}
{%- endmacro %}

{# For on-run-start: a command that makes some of the models, or asks no tests. #}
{% macro documents_at_start() -%}
{%- set made = [] -%}
{%- for node in nodes_of_news()
    if node.resource_type == 'model' and node.unique_id in selected_resources -%}
{%- do made.append(node.name) -%}
{%- endfor -%}
{%- if made | length > 0 and not documents_are_whole() -%}
{{ documents_unended() }}
{%- endif -%}
{%- endmacro %}

{# For on-run-end: a test that failed, also of `dbt test`. #}
{% macro documents_at_end(results) -%}
{%- set failed = [] -%}
{%- for result in (results if execute else [])
    if result.node.resource_type == 'test'
    and result.status in ['fail', 'error']
    and result.node.config.meta.get('of_news') -%}
{%- do failed.append(result.node.name) -%}
{%- endfor -%}
{%- if failed | length > 0 -%}
{{ documents_unended() }}
{%- endif -%}
{%- endmacro %}

{# For post_hook of int_document_inputs: a build with news, or one that makes all anew. #}
{% macro documents_unended_by_news() -%}
{%- if should_full_refresh() -%}
{{ documents_unended() }}
{%- else -%}
{{ documents_unended('input_version != (select input_version from ' ~ this ~ ')') }}
{%- endif -%}
{%- endmacro %}

{# For pre_hook of a table that grows: one that is missing is made of what is there now. #}
{% macro documents_unended_where_missing() -%}
{%- if not is_incremental() -%}
{{ documents_unended() }}
{%- endif -%}
{%- endmacro %}

{# Documents stay as they are written, so ids of two kinds would stand side by side. #}
{% macro refuse_other_ids(wanted, written) -%}
{% do exceptions.raise_compiler_error(
    'cannot write documents with other ids than those that are there'
    ~ '\n  where:    vars documents_attempt_key and documents_run_id, or the rule of the key'
    ~ '\n  expected: ' ~ written
    ~ '\n  found:    ' ~ wanted
    ~ '\n  next:     leave the vars as they were, or make all ids anew: the same command'
    ~ ' with --full-refresh --selector documents'
) %}
{%- endmacro %}

{# How ids are made, in one text. #}
{% macro document_id_settings() -%}
{{ return(
    'attempt key ' ~ document_attempt_key() ~ ', run ' ~ document_run_id()
    ~ ', rule of the key ' ~ local_md5(written_row_key('x'))[:8]
) }}
{%- endmacro %}

{#
    Models that rest on what int_document_inputs sums up, and on nothing else: they are
    made anew when that is news, as any table or view, and left alone when it is not.
#}
{% macro table_of_news(pre_hook=[]) -%}
{%- do ref('int_document_inputs') -%}
{{ config(materialized='table_of_news', pre_hook=pre_hook) }}
{%- endmacro %}

{% macro view_of_news() -%}
{%- do ref('int_document_inputs') -%}
{{ config(materialized='view_of_news') }}
{%- endmacro %}

{% materialization table_of_news, default -%}
{%- if is_left_alone('table') -%}
{{ return({'relations': [this.incorporate(type='table')]}) }}
{%- endif -%}
{{ return(dbt.materialization_table_default()) }}
{%- endmaterialization %}

{% materialization view_of_news, default -%}
{%- if is_left_alone('view') -%}
{{ return({'relations': [this.incorporate(type='view')]}) }}
{%- endif -%}
{{ return(dbt.materialization_view_default()) }}
{%- endmaterialization %}

{# Whether what the model made before stands; tells dbt so. #}
{% macro is_left_alone(type) -%}
{%- set existing = load_cached_relation(this) -%}
{%- if existing is none or existing.type != type -%}
{%- set unended = documents_unended() -%}
{%- if unended -%}
{%- call statement(auto_begin=True) -%}{{ unended }}{%- endcall -%}
{%- do adapter.commit() -%}
{%- endif -%}
{{ return(false) }}
{%- endif -%}
{%- if should_full_refresh() or documents_are_unsettled(ref('int_document_inputs')) -%}
{{ return(false) }}
{%- endif -%}
{%- call noop_statement('main', 'NOTHING NEW') -%}{%- endcall -%}
{{ return(true) }}
{%- endmacro %}

{#
    A test of what only changes with news (meta of_news) held in the last build that came
    to its end. A build does not ask again what it cannot have changed; `dbt test` does.
#}
{% materialization test, default -%}
{%- set inputs = graph.nodes['model.hindcast.int_document_inputs'] -%}
{%- if
    config.get('meta', {}).get('of_news')
    and flags.WHICH == 'build'
    and not flags.FULL_REFRESH
    and not documents_are_unsettled(api.Relation.create(
        database=inputs.database, schema=inputs.schema, identifier=inputs.alias
    ))
-%}
{%- call statement('main', fetch_result=True) -%}
select 0 as failures, false as should_warn, false as should_error
{%- endcall -%}
{{ return({'relations': []}) }}
{%- endif -%}
{{ return(dbt.materialization_test_default()) }}
{%- endmaterialization %}

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
