{{ view_of_news() }}

-- What an evaluation may be of; of one task and time the best comes last.
with drafts as (

    select * from {{ ref('int_document_drafts') }}

),

essays as (

    select * from {{ ref('int_document_essays') }}

),

source_rows as (

    select * from {{ ref('int_document_rows') }}

),

named as (

    select
        'essay' as named_as,
        doc_id,
        task_id,
        source_timestamp,
        kind_rank,
        row_index,
        natural_key,
        is_example
    from essays
    union all
    select
        'generation' as named_as,
        doc_id,
        task_id,
        source_timestamp,
        kind_rank,
        row_index,
        natural_key,
        is_example
    from drafts

),

targets as (

    {{ standing_documents('named', 'source_rows') }}

),

final as (

    select
        named_as,
        task_id,
        doc_id,
        source_timestamp,
        row_number() over (
            partition by task_id, named_as
            order by
                source_timestamp asc nulls first,
                kind_rank desc,
                row_index desc,
                is_current asc,
                natural_key desc
        ) as target_order
    from targets

)

select * from final
