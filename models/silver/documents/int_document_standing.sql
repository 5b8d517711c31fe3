{{ view_of_news() }}

with documents as (

    select * from {{ ref('documents') }}

),

source_rows as (

    select * from {{ ref('int_document_rows') }}

),

final as (

    select
        {{ document_columns() | join(',\n        ') }}
    from documents
    where {{ is_standing('documents', 'source_rows') }}

)

select * from final
