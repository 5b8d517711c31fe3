{{ table_of_news() }}

with evaluation_scores as (

    select * from {{ ref('evaluation_scores') }}
    where score = 10

),

parsed_scores as (

    select * from {{ ref('parsed_scores') }}

),

documents as (

    select * from {{ ref('documents') }}

),

final as (

    select
        evaluation_scores.evaluation_key,
        evaluation_scores.doc_id,
        evaluation_scores.target_doc_id,
        evaluation_scores.target_stage,
        evaluation_scores.combo_id,
        evaluation_scores.draft_template,
        evaluation_scores.generation_template,
        evaluation_scores.generation_model,
        evaluation_scores.evaluation_template,
        evaluation_scores.evaluation_model,
        evaluation_scores.score,
        parsed_scores.response_file,
        target.response_file as generation_response_file,
        draft.doc_id as draft_doc_id,
        draft.response_file as draft_response_file,
        evaluation_scores.is_example
    from evaluation_scores
    inner join parsed_scores
        on evaluation_scores.evaluation_key = parsed_scores.evaluation_key
    left join documents as target
        on evaluation_scores.target_doc_id = target.doc_id
    left join documents as draft
        on target.parent_doc_id = draft.doc_id

)

select * from final
