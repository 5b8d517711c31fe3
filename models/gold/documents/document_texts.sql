{{ view_of_news() }}

with documents as (

    select * from {{ ref('documents') }}

),

text_files as (

    select * from {{ source('raw_documents', 'text_files') }}

),

-- Where a prompt lies under several roots of one folder, the first of them counts.
prompts as (

    select
        base,
        path,
        file_id,
        source_row,
        row_number() over (
            partition by path, base
            order by root
        ) as place
    from {{ ref('silver_documents__texts') }}
    where path like '%_prompts/%'

),

prompt_texts as (

    select
        prompts.base,
        prompts.path,
        text_files.content as prompt_text
    from prompts
    inner join text_files
        on prompts.file_id = text_files._file_id
        and prompts.source_row = text_files._source_row
    where prompts.place = 1

),

final as (

    select
        documents.doc_id,
        documents.stage,
        documents.doc_dir,
        -- dlt lands an empty text as null.
        coalesce(text_files.content, '') as raw_text,
        {{ parsed_draft('documents.parser', "coalesce(text_files.content, '')") }}
            as parsed_text,
        prompt_texts.prompt_text,
        {{ as_text('text_files.encoding') }} as encoding,
        documents.content_hash,
        documents.raw_chars,
        documents.meta_small
    from documents
    inner join text_files
        on documents.text_file_id = text_files._file_id
        and documents.text_row = text_files._source_row
    left join prompt_texts
        on documents.base = prompt_texts.base
        and documents.prompt_path = prompt_texts.path

)

select * from final
