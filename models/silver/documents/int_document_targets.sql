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

targets as (

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

final as (

    select
        targets.named_as,
        targets.task_id,
        targets.doc_id,
        targets.source_timestamp,
        row_number() over (
            partition by targets.task_id, targets.named_as
            order by
                targets.source_timestamp asc nulls first,
                targets.kind_rank desc,
                targets.row_index desc,
                {{ is_of_today() }} asc,
                targets.natural_key desc
        ) as target_order
    from targets
    {{ rows_of_today('targets', 'source_rows') }}
    where {{ is_standing('targets', 'source_rows') }}

)

select * from final
