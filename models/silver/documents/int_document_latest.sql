{{ table_of_news() }}

with documents as (

    select * from {{ ref('int_document_standing') }}

),

ranked as (

    select
        doc_id,
        status,
        row_number() over (
            partition by logical_key_id, stage
            order by
                case when status = 'ok' then 0 else 1 end asc,
                source_timestamp desc nulls last,
                is_current desc,
                created_at desc,
                doc_id asc
        ) as place,
        row_number() over (
            order by
                created_at desc,
                source_timestamp desc nulls last,
                doc_id asc
        ) as place_of_all,
        max(case when status = 'ok' then 1 else 0 end) over () as has_ok
    from documents

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
