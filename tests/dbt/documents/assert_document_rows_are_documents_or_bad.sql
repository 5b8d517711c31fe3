-- From the rows as they landed: those of the newest csv of a kind are all known, and
-- every row that is known is one document or one bad row, never both and never neither.
with landed as (

    select
        kind,
        file_id,
        load_sequence,
        count(*) as landed_count
    from {{ ref('silver_documents__result_rows') }}
    where is_current and stage is not null
    group by kind, file_id, load_sequence

),

source_rows as (

    select * from {{ ref('int_document_rows') }}

),

homes as (

    select natural_key from {{ ref('documents') }}
    union all
    select natural_key from {{ ref('bad_generations') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by kind
            order by load_sequence desc nulls last, file_id asc
        ) as file_rank
    from landed

),

known as (

    select
        file_id,
        count(*) as known_count
    from source_rows
    group by file_id

),

homes_of_rows as (

    select
        source_rows.natural_key,
        count(homes.natural_key) as home_count
    from source_rows
    left join homes
        on source_rows.natural_key = homes.natural_key
    group by source_rows.natural_key

),

final as (

    select
        'rows of a csv are not known' as problem,
        ranked.file_id as where_found
    from ranked
    left join known
        on ranked.file_id = known.file_id
    where
        ranked.file_rank = 1
        and ranked.landed_count != coalesce(known.known_count, 0)
    union all
    select
        'a row has no home, or two' as problem,
        natural_key as where_found
    from homes_of_rows
    where home_count != 1

)

select * from final
