{{ view_of_news() }}

with score_rows as (

    select * from {{ source('raw_documents', 'score_rows') }}

),

files as (

    {{ documents_files() }}

),

versions as (

    select
        _file_id,
        row_number() over (
            partition by source_file
            order by load_sequence desc nulls last, _file_id desc
        ) as version_rank
    from files

),

final as (

    select
        score_rows._source_table as kind,
        score_rows.base,
        score_rows.source_csv,
        cast(score_rows.row_index as bigint) as row_index,
        {{ filled_text('score_rows.evaluation_task_id') }} as evaluation_task_id,
        {{ filled_text('score_rows.essay_task_id') }} as essay_task_id,
        {{ filled_text('score_rows.combo_id') }} as combo_id,
        coalesce(
            {{ filled_text('score_rows.draft_template') }},
            {{ filled_text('score_rows.link_template') }}
        ) as draft_template,
        {{ filled_text('score_rows.generation_template') }} as generation_template,
        {{ filled_text('score_rows.generation_model') }} as generation_model,
        coalesce({{ filled_text('score_rows.score_column') }}, 'score') as column_key,
        {{ nhs_number('score_rows.score') }} as score,
        {{ filled_text('score_rows.error') }} as error,
        {{ filled_text('score_rows.evaluation_response_path') }} as response_path,
        versions.version_rank = 1 as is_current,
        score_rows._file_id as file_id,
        score_rows._source_file as source_file,
        score_rows._source_row as source_row
    from score_rows
    inner join versions
        on score_rows._file_id = versions._file_id

)

select * from final
