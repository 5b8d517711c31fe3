{{ view_of_news() }}

with repairs as (

    select * from {{ ref('document_repairs') }}

),

repaired_rows as (

    select * from {{ ref('int_document_rows') }}
    where is_repaired

),

documents as (

    select * from {{ ref('documents') }}

),

bad_generations as (

    select * from {{ ref('bad_generations') }}
    where is_repaired

),

outcomes as (

    select
        repaired_rows.source_csv,
        coalesce(repaired_rows.unrepaired_task_id, '') as task_id,
        coalesce(repaired_rows.unrepaired_time, '') as written_time,
        coalesce(repaired_rows.unrepaired_response_file, '') as response_file,
        count(documents.doc_id) as document_count,
        count(bad_generations.natural_key) as bad_row_count,
        count(case when documents.is_repaired then 1 end) as repaired_count,
        max(documents.doc_id) as doc_id,
        max(bad_generations.reason) as bad_reason
    from repaired_rows
    left join documents
        on repaired_rows.natural_key = documents.natural_key
    left join bad_generations
        on repaired_rows.natural_key = bad_generations.natural_key
    group by
        repaired_rows.source_csv,
        coalesce(repaired_rows.unrepaired_task_id, ''),
        coalesce(repaired_rows.unrepaired_time, ''),
        coalesce(repaired_rows.unrepaired_response_file, '')

),

final as (

    select
        {{ repaired_row_key('repairs.') }} || ' ' || repairs.column_name as repair_key,
        repairs.source_csv,
        coalesce(repairs.task_id, '') as task_id,
        coalesce(repairs.generation_timestamp, '') as generation_timestamp,
        coalesce(repairs.response_file, '') as response_file,
        repairs.column_name,
        repairs.corrected_value,
        case
            when outcomes.source_csv is null then 'matches no row'
            when outcomes.bad_row_count > 0 then 'still bad: ' || outcomes.bad_reason
            when outcomes.repaired_count < outcomes.document_count
                then 'document before the repair'
            else 'document'
        end as outcome,
        outcomes.doc_id,
        repairs.reason,
        repairs.reviewed_by,
        repairs.reviewed_on
    from repairs
    left join outcomes
        on repairs.source_csv = outcomes.source_csv
        and coalesce(repairs.task_id, '') = outcomes.task_id
        and coalesce(repairs.generation_timestamp, '') = outcomes.written_time
        and coalesce(repairs.response_file, '') = outcomes.response_file

)

select * from final
