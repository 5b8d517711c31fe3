{{ view_of_news() }}

with documents as (

    select * from {{ ref('documents') }}

),

latest as (

    select * from {{ ref('int_document_latest') }}

),

final as (

    select
        documents.{{ document_columns() | join(',\n        documents.') }}
    from documents
    inner join latest
        on documents.doc_id = latest.doc_id

)

select * from final
