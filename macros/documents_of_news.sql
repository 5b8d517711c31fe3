{# The models and tests that rest on int_document_inputs and nothing else: meta of_news. #}
{% macro nodes_of_news() -%}
{%- set found = [] -%}
{%- for node in (graph.nodes.values() if execute else [])
    if node.resource_type in ['model', 'test'] and node.config.meta.of_news -%}
{%- do found.append(node) -%}
{%- endfor -%}
{{ return(found) }}
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
