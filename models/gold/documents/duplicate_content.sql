{{ table_of_news() }}

with documents as (

    select * from {{ ref('int_document_standing') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by content_hash
            order by source_timestamp asc nulls last, doc_id asc
        ) as place
    from documents

),

final as (

    select
        content_hash,
        count(*) as document_count,
        count(distinct stage) as stage_count,
        count(distinct task_id) as task_count,
        count(distinct model_id) as model_count,
        max(raw_chars) as raw_chars,
        max(case when place = 1 then doc_id end) as first_doc_id,
        max(case when place = 1 then stage end) as first_stage,
        min(source_timestamp) as first_source_timestamp,
        max(source_timestamp) as last_source_timestamp
    from ranked
    group by content_hash
    having count(*) > 1

)

select * from final
