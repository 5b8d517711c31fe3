{{ table_of_news() }}

with documents as (

    select * from {{ ref('documents') }}

),

latest as (

    select * from {{ ref('int_document_latest') }}

),

document_files as (

    select * from {{ ref('silver_documents__document_files') }}
    where is_current

),

scans as (

    select
        docs_root,
        max(scanned_at) as scanned_at
    from document_files
    group by docs_root

),

directories as (

    select
        docs_root,
        stage,
        logical_key_id,
        doc_id,
        max(case when file_name = 'raw.txt' then 1 else 0 end) as raw_count,
        max(case when file_name = 'parsed.txt' then 1 else 0 end) as parsed_count,
        max(case when file_name = 'prompt.txt' then 1 else 0 end) as prompt_count,
        max(case when file_name = 'raw.txt' then sha256 end) as raw_sha256
    from document_files
    group by docs_root, stage, logical_key_id, doc_id

),

-- An export writes utf-8: of a response in another encoding the text is compared.
text_files as (

    select
        _file_id,
        _source_row,
        {{ sha256_of_text('content') }} as text_sha256
    from {{ source('raw_documents', 'text_files') }}
    where encoding not in ('utf-8', 'utf-8-sig')

),

-- Facts of a scan; without one nothing is known, and nothing is said to be missing.
compared as (

    select
        documents.doc_id,
        documents.stage,
        documents.task_id,
        documents.doc_dir,
        documents.status,
        coalesce(scans.docs_root, 'not scanned') as docs_root,
        case
            when scans.docs_root is not null then coalesce(directories.raw_count, 0) = 0
        end as missing_raw,
        case
            when scans.docs_root is null then null
            when documents.status not in ('ok', 'truncated') then false
            else coalesce(directories.parsed_count, 0) = 0
        end as missing_parsed,
        case
            when scans.docs_root is not null
                then coalesce(directories.prompt_count, 0) = 0
        end as missing_prompt,
        case when scans.docs_root is not null then directories.doc_id is not null end
            as dir_exists,
        case
            when directories.raw_sha256 is not null
                then
                    directories.raw_sha256
                    != coalesce(text_files.text_sha256, documents.content_hash)
        end as is_raw_changed,
        scans.scanned_at,
        latest.doc_id is not null as is_latest
    from documents
    left join text_files
        on documents.text_file_id = text_files._file_id
        and documents.text_row = text_files._source_row
    left join scans
        on documents.doc_id is not null
    left join directories
        on documents.doc_id = directories.doc_id
        and documents.stage = directories.stage
        and documents.logical_key_id = directories.logical_key_id
        and scans.docs_root = directories.docs_root
    left join latest
        on documents.doc_id = latest.doc_id

),

final as (

    select
        doc_id,
        stage,
        task_id,
        doc_dir,
        docs_root,
        missing_raw,
        missing_parsed,
        missing_prompt,
        dir_exists,
        is_raw_changed,
        missing_raw or missing_parsed or coalesce(is_raw_changed, false) as has_issue,
        is_latest,
        scanned_at
    from compared

)

select * from final
