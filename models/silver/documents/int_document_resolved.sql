{{ config(materialized='table') }}

-- Built last, after all that was to be computed and tested: a build that stopped
-- before, or found a test failing, is taken up by the next one. One that made a part,
-- or beside which another began, says nothing of the whole.
{% for model in [
    'bad_generations', 'document_texts', 'document_lineage', 'duplicate_content',
    'documents_latest_report', 'documents_consistency_report',
    'document_row_accounting', 'backfill_counters', 'document_repair_report',
    'parsed_scores', 'evaluation_scores', 'generation_scores', 'score_drift',
    'score_summaries', 'evaluator_agreement', 'evaluation_scores_pivot',
    'perfect_score_paths', 'silver_documents__tasks',
] %}
-- depends_on: {{ ref(model) }}
{% endfor %}
with inputs as (

    select * from {{ ref('int_document_inputs') }}

),

final as (

    select
        case
            when invocation_id = {{ this_build() }} and {{ whole_documents() }}
                then input_version
            else 'not ended'
        end as input_version
    from inputs

)

select * from final
