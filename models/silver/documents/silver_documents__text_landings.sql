{{ view_of_news() }}

with text_files as (

    select * from {{ source('raw_documents', 'text_files') }}

),

files as (

    {{ documents_files() }}

),

final as (

    select
        {{ as_text('text_files.base') }} as base,
        {{ as_text('text_files.root') }} as root,
        {{ as_text('text_files.path') }} as path,
        cast(text_files.bytes as bigint) as byte_count,
        {{ as_text('text_files.sha256') }} as sha256,
        {{ as_text('text_files.encoding') }} as encoding,
        cast(text_files.chars as bigint) as char_count,
        -- dlt lands an empty text as null; what cannot be read has no length either.
        (text_files.content is not null or coalesce(text_files.chars, '') = '0')
        and coalesce(text_files.flags, '') not like '%nul_bytes%' as is_readable,
        {{ as_text('text_files.flags') }} as flags,
        -- Rows that were there before their first text have waited for it.
        case
            when
                lag(files.load_order) over (
                    partition by text_files.path, text_files.root, text_files.base
                    order by files.load_sequence, text_files._source_row
                ) is not null
                then {{ load_order('files.load_order') }}
            else 0
        end as counts_from_load,
        coalesce(
            lead({{ load_order('files.load_order') }}) over (
                partition by text_files.path, text_files.root, text_files.base
                order by files.load_sequence, text_files._source_row
            ),
            {{ never_replaced() }}
        ) as replaced_load,
        {{ as_text('text_files._file_id') }} as file_id,
        {{ as_text('text_files._source_file') }} as source_file,
        text_files._source_row as source_row
    from text_files
    inner join files
        on text_files._file_id = files._file_id

)

select * from final
