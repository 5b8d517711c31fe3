{{ view_of_news() }}

with task_rows as (

    select * from {{ source('raw_documents', 'task_rows') }}

),

files as (

    {{ documents_files() }}

),

named as (

    select
        case task_rows._source_table
            when 'draft_generation_tasks' then 'draft'
            when 'essay_generation_tasks' then 'essay'
            when 'evaluation_tasks' then 'evaluation'
        end as stage,
        {{ filled_text('task_rows.draft_task_id') }} as draft_task_id,
        {{ filled_text('task_rows.essay_task_id') }} as essay_task_id,
        {{ filled_text('task_rows.evaluation_task_id') }} as evaluation_task_id,
        {{ filled_text('task_rows.document_id') }} as document_id,
        {{ filled_text('task_rows.combo_id') }} as combo_id,
        {{ filled_text('task_rows.draft_template') }} as draft_template,
        {{ filled_text('task_rows.essay_template') }} as essay_template,
        {{ filled_text('task_rows.evaluation_template') }} as evaluation_template,
        {{ filled_text('task_rows.generation_model') }} as generation_model,
        {{ filled_text('task_rows.generation_model_name') }} as generation_model_name,
        {{ filled_text('task_rows.evaluation_model') }} as evaluation_model,
        {{ filled_text('task_rows.evaluation_model_name') }} as evaluation_model_name,
        {{ filled_text('task_rows.parser') }} as parser,
        {{ as_text('task_rows.base') }} as base,
        files.load_sequence,
        {{ as_text('task_rows._file_id') }} as file_id,
        {{ as_text('task_rows._source_file') }} as source_file,
        task_rows._source_row as source_row
    from task_rows
    inner join files
        on task_rows._file_id = files._file_id

),

identified as (

    select
        *,
        case stage
            when 'draft' then draft_task_id
            when 'essay' then essay_task_id
            else evaluation_task_id
        end as task_id
    from named

),

ranked as (

    select
        *,
        row_number() over (
            partition by stage, task_id
            order by load_sequence desc nulls last, source_row desc
        ) as task_rank
    from identified

),

final as (

    select
        stage,
        task_id,
        draft_task_id,
        essay_task_id,
        evaluation_task_id,
        document_id,
        combo_id,
        draft_template,
        essay_template,
        evaluation_template,
        generation_model,
        generation_model_name,
        evaluation_model,
        evaluation_model_name,
        parser,
        base,
        task_rank = 1 as is_current,
        file_id,
        source_file,
        source_row
    from ranked

)

select * from final
