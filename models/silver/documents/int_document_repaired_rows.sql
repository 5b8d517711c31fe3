{{ view_of_news() }}

with result_rows as (

    select * from {{ ref('silver_documents__result_rows') }}
    {{ one_pass() }}

),

repairs as (

    select * from {{ ref('int_document_repairs') }}

),

repaired as (

    select
        {{ text_hash(written_row_key('result_rows')) }} as written_key,
        result_rows.kind,
        result_rows.base,
        result_rows.source_csv,
        result_rows.row_index,
        result_rows.stage,
        result_rows.kind_rank,
        {% for column in repairable_document_columns() %}
        coalesce(repairs.corrected_{{ column }}, result_rows.{{ column }})
            as {{ column }},
        {% endfor %}
        case when repairs.source_csv is not null then result_rows.task_id end
            as unrepaired_task_id,
        case when repairs.source_csv is not null then result_rows.written_time end
            as unrepaired_time,
        case when repairs.source_csv is not null then result_rows.response_file end
            as unrepaired_response_file,
        repairs.source_csv is not null as is_repaired,
        result_rows.is_current,
        result_rows.is_example,
        result_rows.load_sequence,
        result_rows.replaced_load,
        result_rows.file_id,
        result_rows.source_file,
        result_rows.source_row
    from result_rows
    left join repairs
        on result_rows.source_csv = repairs.source_csv
        and coalesce(result_rows.task_id, '') = repairs.task_id
        and coalesce(result_rows.written_time, '') = repairs.written_time
        and coalesce(result_rows.response_file, '') = repairs.response_file
    {{ one_pass() }}

),

final as (

    select
        repaired.*,
        repaired.stage = 'evaluation' as is_evaluation,
        {{ utc_timestamp('repaired.written_time') }} as generated_at,
        {{ document_path('repaired.response_file') }} as path,
        coalesce({{ path_escapes('repaired.response_file') }}, false) as is_escaping
    from repaired
    {{ one_pass() }}

)

select * from final
