{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook=[
            "{{ more_memory() }}",
            "{{ hash_joins_only() }}",
            "{{ documents_unended_where_missing() }}",
        ],
        indexes=[
            {'columns': ['natural_key'], 'unique': true},
            {'columns': ['doc_id'], 'unique': true},
        ],
    )
}}

with new_rows as (

    select * from {{ ref('int_document_rows') }} as source_rows
    where
        stage = 'draft'
        and reason is null
        and {{ not_yet_written('source_rows') }}

),

-- Few templates have a parser, and only their drafts are read.
parsers as (

    select
        entry_id as template_id,
        parser
    from {{ ref('silver_documents__catalogue') }}
    where
        kind = 'draft_templates'
        and is_current
        and parser in ('essay_block', 'essay_idea_last')

),

text_files as (

    select * from {{ source('raw_documents', 'text_files') }}

),

prompts as (

    {{ document_prompts(ref('silver_documents__texts')) | indent }}

),

parsed as (

    select
        new_rows.natural_key,
        parsers.parser,
        char_length(
            {{ parsed_draft('parsers.parser', "coalesce(text_files.content, '')") }}
        ) as parsed_char_count
    from new_rows
    inner join parsers
        on new_rows.template_id = parsers.template_id
    inner join text_files
        on new_rows.text_file_id = text_files._file_id
        and new_rows.text_row = text_files._source_row

),

resolved as (

    select
        new_rows.*,
        {{ as_text('null') }} as parent_doc_id,
        parsed.parser,
        case
            when parsed.parser is null then new_rows.char_count
            else parsed.parsed_char_count
        end as parsed_char_count,
        prompts.path as prompt_path
    from new_rows
    left join parsed
        on new_rows.natural_key = parsed.natural_key
    left join prompts
        on new_rows.base = prompts.base
        and {{ prompt_path_of('new_rows.response_file') }} = prompts.path

),

{{ documents_written(
    'resolved',
    this if is_incremental() else none,
    ["'draft'", 'combo_id', 'template_id', 'model_id'],
    [('generation_timestamp', 'attempted.written_time')],
) }}

select * from written
