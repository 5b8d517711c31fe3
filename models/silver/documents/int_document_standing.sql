{{ view_of_news() }}

with documents as (

    select * from {{ ref('documents') }}

),

source_rows as (

    select * from {{ ref('int_document_rows') }}

),

standing as (

    {{ standing_documents('documents', 'source_rows') }}

),

final as (

    select
        {{ document_columns() | join(',\n        ') }},
        is_current
    from standing

)

select * from final
