{{ view_of_news() }}

with result_rows as (

    select * from {{ source('raw_documents', 'result_rows') }}
    where _source_table = 'evaluation_results'

),

final as (

    select
        _file_id as file_id,
        _source_row as source_row,
        {{ filled_text('essay_task_id') }} as essay_task_id,
        {{ filled_text('generation_task_id') }} as generation_task_id,
        coalesce(
            {{ filled_text('draft_template') }}, {{ filled_text('link_template') }}
        ) as draft_template,
        {{ filled_text('essay_template') }} as essay_template,
        {{ filled_text('generation_template') }} as generation_template,
        {{ filled_text('generation_model') }} as generation_model
    from result_rows

)

select * from final
