{{ table_of_news() }}

with evaluation_rows as (

    select * from {{ ref('int_document_evaluation_rows') }}

),

text_scores as (

    select * from {{ ref('int_document_text_scores') }}

),

templates as (

    select * from {{ ref('silver_documents__catalogue') }}
    where kind = 'evaluation_templates' and is_current

),

-- A response counts where the row is a document, or lacks nothing but its target.
read_rows as (

    select
        evaluation_rows.*,
        templates.parser as template_parser,
        {{ document_score_strategy('templates.parser') }} as strategy,
        text_scores.score_final,
        text_scores.error_final,
        text_scores.score_complex,
        text_scores.error_complex,
        text_scores.score_in_last_line,
        text_scores.error_in_last_line,
        text_scores.content_hash is not null as is_read
    from evaluation_rows
    left join templates
        on evaluation_rows.evaluation_template = templates.entry_id
    left join text_scores
        on evaluation_rows.content_hash = text_scores.content_hash
        and coalesce(evaluation_rows.reason, 'unresolved_target')
        = 'unresolved_target'

),

final as (

    select
        evaluation_key,
        doc_id,
        target_doc_id,
        target_stage,
        evaluation_task_id,
        essay_task_id,
        generation_task_id,
        combo_id,
        draft_template,
        essay_template,
        generation_template,
        generation_model,
        evaluation_template,
        evaluation_model,
        template_parser,
        strategy,
        {{ by_score_strategy('score') }} as score,
        case
            when reason = 'missing_response_file' then 'File not found'
            when reason != 'unresolved_target' then 'Unusable row: ' || reason
            when not is_read then 'Response not read'
            when strategy is null then {{ no_strategy_error('evaluation_template') }}
            else 'Parse error: ' || {{ by_score_strategy('error') }}
        end as error,
        score_final,
        error_final,
        score_complex,
        error_complex,
        score_in_last_line,
        error_in_last_line,
        reason,
        evaluated_at,
        content_hash,
        response_file,
        source_csv,
        row_index,
        is_current,
        is_example,
        base,
        file_id,
        source_file,
        source_row
    from read_rows

)

select * from final
