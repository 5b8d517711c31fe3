{{ table_of_news() }}

with evaluation_scores as (

    select * from {{ ref('evaluation_scores') }}
    where target_doc_id is not null

),

documents as (

    select * from {{ ref('documents') }}

),

-- Replicates of one template and model are one opinion.
opinions as (

    select
        target_doc_id,
        evaluation_template,
        evaluation_model,
        coalesce(evaluation_template, '') || '_' || coalesce(evaluation_model, '')
            as opinion,
        min(draft_template) as draft_template,
        min(generation_template) as generation_template,
        count(*) as replicate_count,
        avg(score) as score
    from evaluation_scores
    group by target_doc_id, evaluation_template, evaluation_model

),

-- Two pairs may come to one name; the object has it once.
named_opinions as (

    select
        target_doc_id,
        opinion,
        min(draft_template) as draft_template,
        min(generation_template) as generation_template,
        cast(sum(replicate_count) as bigint) as replicate_count,
        avg(score) as score
    from opinions
    group by target_doc_id, opinion

),

generations as (

    select
        target_doc_id,
        min(draft_template) as draft_template,
        min(generation_template) as generation_template,
        cast(sum(replicate_count) as bigint) as score_count,
        count(*) as opinion_count,
        sum(score) as sum_scores,
        avg(score) as average_score,
        {{ json_object_of('opinion', 'score') }} as scores
    from named_opinions
    group by target_doc_id

),

final as (

    select
        generations.target_doc_id,
        documents.stage as target_stage,
        documents.combo_id,
        generations.draft_template,
        generations.generation_template,
        documents.model_id as generation_model,
        generations.score_count,
        generations.opinion_count,
        generations.sum_scores,
        generations.average_score,
        generations.scores,
        documents.response_file as generation_response_file,
        documents.is_example
    from generations
    inner join documents
        on generations.target_doc_id = documents.doc_id

)

select * from final
