{# Files of the pipeline documents that count: examples give way to the first real file. #}
{% macro documents_files() -%}
select
        *,
        -- The id of a load is a time, and clocks go back: its files are counted on.
        max(load_sequence) over (partition by load_id) as load_order
    from {{ source('raw_documents', 'files') }}
    where status = 'loaded'
{%- endmacro %}

{# Later than every load: what has not been replaced yet. #}
{% macro never_replaced() -%} cast(9e18 as {{ type_exact() }}) {%- endmacro %}

{# Loads have an order, the files of one load a common place in it. #}
{% macro load_order(column) -%} cast({{ column }} as {{ type_exact() }}) {%- endmacro %}

{#
    The kinds of csv with results: what their rows are, and where their columns stand.
    rank: of two candidates of one time, which is the parent: a draft before a link.
#}
{% macro document_kinds() -%}
{{ return({
    'draft_generation_results': {
        'stage': 'draft', 'rank': 1, 'task': 'draft_task_id',
        'template': "coalesce(nullif(draft_template_id, ''), draft_template)",
    },
    'link_generation_results': {
        'stage': 'draft', 'rank': 2, 'task': 'link_task_id',
        'template': "coalesce(nullif(link_template_id, ''), link_template)",
    },
    'generation_results': {
        'stage': 'draft', 'rank': 3, 'task': 'generation_task_id',
        'template': 'generation_template',
    },
    'essay_generation_results': {
        'stage': 'essay', 'rank': 1, 'task': 'essay_task_id',
        'template': "coalesce(nullif(essay_template_id, ''), essay_template)",
    },
    'evaluation_results': {
        'stage': 'evaluation', 'rank': 1, 'task': 'evaluation_task_id',
        'template': 'evaluation_template',
    },
}) }}
{%- endmacro %}

{# A field of a kind, by kind: what stands under another name in another csv. #}
{% macro by_document_kind(field) -%}
case _source_table
            {%- for kind, of in document_kinds().items() %}
            when '{{ kind }}' then {{ "'" ~ of[field] ~ "'" if field == 'stage' else of[field] }}
            {%- endfor %}
        end
{%- endmacro %}
