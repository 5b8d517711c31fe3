{# The table of the line of the last build; none before the first. #}
{% macro documents_resolved() -%}
{{ return(model_relation('int_document_resolved')) }}
{%- endmacro %}

{# What a model made in the warehouse, if it is there; no ref, so no dependency. #}
{% macro model_relation(name) -%}
{%- set node = graph.nodes['model.hindcast.' ~ name] -%}
{{ return(adapter.get_relation(
    database=node.database, schema=node.schema, identifier=node.alias
)) }}
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
