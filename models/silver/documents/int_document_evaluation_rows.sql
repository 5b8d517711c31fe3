{{ view_of_news() }}

with documents as (

    select * from {{ ref('documents') }}

),

bad_generations as (

    select * from {{ ref('bad_generations') }}
    where stage = 'evaluation'

),

source_rows as (

    select * from {{ ref('int_document_rows') }}

),

evaluations as (

    select * from {{ ref('silver_documents__evaluations') }}

),

-- Every row of an evaluation, whether it became a document or not.
all_rows as (

    select
        natural_key,
        doc_id,
        parent_doc_id,
        null as reason,
        task_id,
        combo_id,
        template_id,
        model_id,
        content_hash,
        response_file,
        source_timestamp as evaluated_at,
        source_csv,
        row_index,
        is_example,
        base,
        file_id,
        source_file,
        source_row
    from documents
    where stage = 'evaluation'
    union all
    select
        natural_key,
        null as doc_id,
        null as parent_doc_id,
        reason,
        task_id,
        combo_id,
        template_id,
        model_id,
        null as content_hash,
        response_file,
        null as evaluated_at,
        source_csv,
        row_index,
        is_example,
        base,
        file_id,
        source_file,
        source_row
    from bad_generations

),

final as (

    select
        all_rows.natural_key as evaluation_key,
        all_rows.doc_id,
        all_rows.parent_doc_id as target_doc_id,
        target.stage as target_stage,
        all_rows.task_id as evaluation_task_id,
        -- A row that a repair corrected says what it was corrected to.
        coalesce(source_rows.target_essay_task_id, evaluations.essay_task_id)
            as essay_task_id,
        coalesce(
            source_rows.target_generation_task_id, evaluations.generation_task_id
        ) as generation_task_id,
        coalesce(all_rows.combo_id, target.combo_id) as combo_id,
        coalesce(
            evaluations.draft_template,
            draft.template_id,
            case when target.stage = 'draft' then target.template_id end
        ) as draft_template,
        coalesce(
            evaluations.essay_template,
            case when target.stage = 'essay' then target.template_id end
        ) as essay_template,
        coalesce(
            evaluations.generation_template,
            evaluations.essay_template,
            target.template_id
        ) as generation_template,
        coalesce(evaluations.generation_model, target.model_id) as generation_model,
        all_rows.template_id as evaluation_template,
        all_rows.model_id as evaluation_model,
        all_rows.reason,
        coalesce(all_rows.evaluated_at, source_rows.generated_at) as evaluated_at,
        coalesce(all_rows.content_hash, source_rows.sha256) as content_hash,
        all_rows.response_file,
        all_rows.source_csv,
        all_rows.row_index,
        coalesce(source_rows.is_current, false) as is_current,
        all_rows.is_example,
        all_rows.base,
        all_rows.file_id,
        all_rows.source_file,
        all_rows.source_row
    from all_rows
    -- Not among them: a document whose response was replaced, or whose csv gave way.
    left join source_rows
        on all_rows.natural_key = source_rows.natural_key
    left join evaluations
        on all_rows.file_id = evaluations.file_id
        and all_rows.source_row = evaluations.source_row
    left join documents as target
        on all_rows.parent_doc_id = target.doc_id
    left join documents as draft
        on target.parent_doc_id = draft.doc_id

)

select * from final
