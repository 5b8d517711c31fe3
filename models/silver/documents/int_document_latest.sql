{{ table_of_news() }}

with documents as (

    select * from {{ ref('int_document_standing') }}

),

source_rows as (

    select * from {{ ref('int_document_rows') }}

),

ranked as (

    select
        documents.doc_id,
        documents.status,
        row_number() over (
            partition by documents.logical_key_id, documents.stage
            order by
                case when documents.status = 'ok' then 0 else 1 end asc,
                documents.source_timestamp desc nulls last,
                {{ is_of_today() }} desc,
                documents.created_at desc,
                documents.doc_id asc
        ) as place,
        row_number() over (
            order by
                documents.created_at desc,
                documents.source_timestamp desc nulls last,
                documents.doc_id asc
        ) as place_of_all,
        max(case when documents.status = 'ok' then 1 else 0 end) over () as has_ok
    from documents
    {{ rows_of_today('documents', 'source_rows') }}

),

-- Where no document is ok, the last fifty of any status.
final as (

    select doc_id
    from ranked
    where
        (has_ok = 1 and place = 1 and status = 'ok')
        or (has_ok = 0 and place_of_all <= 50)

)

select * from final
