{{ table_of_news() }}

with documents as (

    select * from {{ ref('int_document_standing') }}

),

parents as (

    select
        documents.*,
        parents.stage as parent_stage,
        parents.parent_doc_id as grandparent_doc_id,
        parents.combo_id as parent_combo_id
    from documents
    left join documents as parents
        on documents.parent_doc_id = parents.doc_id

),

-- An evaluation is of an essay, or of a draft at once.
ancestors as (

    select
        *,
        case
            when stage = 'draft' then doc_id
            when stage = 'essay' or parent_stage = 'draft' then parent_doc_id
            else grandparent_doc_id
        end as draft_doc_id,
        case
            when stage = 'essay' then doc_id
            when parent_stage = 'essay' then parent_doc_id
        end as essay_doc_id,
        case when stage = 'evaluation' then doc_id end as evaluation_doc_id
    from parents

),

final as (

    select
        doc_id,
        stage,
        draft_doc_id,
        essay_doc_id,
        evaluation_doc_id,
        coalesce(draft_doc_id || ' > ', '')
        || coalesce(case when stage != 'draft' then essay_doc_id || ' > ' end, '')
        || coalesce(evaluation_doc_id || ' > ', '') as trail,
        coalesce(combo_id, parent_combo_id) as combo_id,
        task_id,
        template_id,
        model_id,
        source_timestamp
    from ancestors

)

select
    doc_id,
    stage,
    draft_doc_id,
    essay_doc_id,
    evaluation_doc_id,
    rtrim(trail, ' >') as trail,
    combo_id,
    task_id,
    template_id,
    model_id,
    source_timestamp
from final
