with documents as (

    select * from {{ ref('documents') }}

),

essays as (

    select * from documents
    where stage = 'essay'

),

final as (

    select
        essays.doc_id,
        essays.combo_id,
        essays.model_id,
        essays.source_timestamp,
        parents.stage as parent_stage,
        parents.combo_id as parent_combo_id,
        parents.model_id as parent_model_id,
        parents.source_timestamp as parent_timestamp
    from essays
    left join documents as parents
        on essays.parent_doc_id = parents.doc_id

)

select * from final
where
    not coalesce(
        parent_stage = 'draft'
        and parent_combo_id = combo_id
        and parent_model_id = model_id
        and parent_timestamp <= source_timestamp,
        false
    )
