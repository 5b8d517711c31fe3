{{ view_of_news() }}

with catalogue_rows as (

    select * from {{ source('raw_documents', 'catalogue_rows') }}

),

files as (

    {{ documents_files() }}

),

named as (

    select
        {{ as_text('catalogue_rows._source_table') }} as kind,
        {{ as_text('catalogue_rows.base') }} as base,
        {{ filled_text('catalogue_rows.entry_id') }} as entry_id,
        {{ filled_text('catalogue_rows.entry_name') }} as entry_name,
        {{ published_flag('catalogue_rows.active') }} as is_active,
        {{ filled_text('catalogue_rows.parser') }} as parser,
        {{ filled_text('catalogue_rows.generator') }} as generator,
        {{ filled_text('catalogue_rows.model') }} as model,
        {{ filled_text('catalogue_rows.provider') }} as provider,
        files.load_sequence,
        {{ as_text('catalogue_rows._file_id') }} as file_id,
        {{ as_text('catalogue_rows._source_file') }} as source_file,
        catalogue_rows._source_row as source_row
    from catalogue_rows
    inner join files
        on catalogue_rows._file_id = files._file_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by kind, entry_id
            order by load_sequence desc nulls last, source_row asc
        ) as entry_rank
    from named

),

final as (

    select
        kind,
        entry_id,
        entry_name,
        is_active,
        parser,
        generator,
        model,
        provider,
        base,
        entry_rank = 1 as is_current,
        file_id,
        source_file,
        source_row
    from ranked

)

select * from final
