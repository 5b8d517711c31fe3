{{ view_of_news() }}

with document_files as (

    select * from {{ source('raw_documents', 'document_files') }}

),

files as (

    {{ documents_files() }}

),

scanned as (

    select
        {{ as_text('document_files.docs_root') }} as docs_root,
        {{ as_text('document_files.stage') }} as stage,
        {{ as_text('document_files.logical_key_id') }} as logical_key_id,
        {{ as_text('document_files.doc_id') }} as doc_id,
        {{ as_text('document_files.file_name') }} as file_name,
        cast(document_files.bytes as bigint) as byte_count,
        {{ as_text('document_files.sha256') }} as sha256,
        files.loaded_at as scanned_at,
        rank() over (
            partition by document_files.docs_root
            order by files.load_sequence desc
        ) as scan_rank,
        {{ as_text('document_files._file_id') }} as file_id,
        {{ as_text('document_files._source_file') }} as source_file,
        document_files._source_row as source_row
    from document_files
    inner join files
        on document_files._file_id = files._file_id

),

final as (

    select
        docs_root,
        stage,
        logical_key_id,
        doc_id,
        file_name,
        byte_count,
        sha256,
        scanned_at,
        scan_rank = 1 as is_current,
        file_id,
        source_file,
        source_row
    from scanned

)

select * from final
