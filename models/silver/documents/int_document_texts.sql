{{ table_of_news() }}

with landings as (

    select * from {{ ref('silver_documents__text_landings') }}

),

roots as (

    {{ document_response_roots() | indent }}

),

-- Where a text lies under several roots of one folder, the first of them counts.
ranked as (

    select
        roots.is_evaluation,
        roots.root_rank,
        landings.*,
        min(roots.root_rank) over (
            partition by landings.path, landings.base, roots.is_evaluation
        ) as first_root_rank
    from landings
    inner join roots
        on landings.root = roots.root

),

final as (

    select
        ranked.is_evaluation,
        ranked.base,
        ranked.path,
        ranked.sha256,
        ranked.char_count,
        ranked.is_readable,
        ranked.flags,
        ranked.counts_from_load,
        ranked.replaced_load,
        ranked.file_id,
        ranked.source_row
    from ranked
    where ranked.root_rank = ranked.first_root_rank

)

select * from final
