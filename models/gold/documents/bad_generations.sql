{{ table_of_news(pre_hook="{{ more_memory() }}") }}

with source_rows as (

    select * from {{ ref('int_document_rows') }}

),

documents as (

    select * from {{ ref('documents') }}

),

reasoned as (

    select
        source_rows.*,
        coalesce(
            source_rows.reason,
            case source_rows.stage
                when 'essay' then 'unresolved_parent'
                else 'unresolved_target'
            end
        ) as first_reason
    from source_rows
    left join documents
        on source_rows.natural_key = documents.natural_key
    where documents.natural_key is null

),

final as (

    select
        natural_key,
        source_csv,
        first_reason as reason,
        case first_reason
            when 'unresolved_parent'
                then 'no draft of this combo and model is a document up to this time'
            when 'unresolved_target'
                then {{ unresolved_target_detail() }}
            else detail
        end as detail,
        row_index,
        stage,
        case when is_repaired then unrepaired_task_id else task_id end as task_id,
        combo_id,
        template_id,
        model_id,
        case when is_repaired then unrepaired_response_file else response_file end
            as response_file,
        case when is_repaired then unrepaired_time else written_time end as timestamp,
        is_repaired,
        is_current,
        is_example,
        base,
        file_id,
        source_file,
        source_row
    from reasoned

)

select * from final
