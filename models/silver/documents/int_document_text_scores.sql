{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook=[
            "{{ delete_scores_of_other_rules() }}",
            "{{ documents_unended_where_missing() }}",
        ],
        indexes=[{'columns': ['content_hash'], 'unique': true}],
    )
}}

with evaluations as (

    select * from {{ ref('int_document_rows') }}
    where stage = 'evaluation' and reason is null

),

-- Where each content not yet read stands: one place of several.
places as (

    select
        sha256 as content_hash,
        text_file_id,
        text_row,
        row_number() over (
            partition by sha256
            order by text_file_id, text_row
        ) as place_rank
    from evaluations
    where {{ has_no_scores_yet('evaluations') }}

),

text_files as (

    select * from {{ source('raw_documents', 'text_files') }}

),

texts as (

    select
        places.content_hash,
        coalesce(text_files.content, '') as content
    from places
    inner join text_files
        on places.text_file_id = text_files._file_id
        and places.text_row = text_files._source_row
    where
        places.place_rank = 1
        -- dlt lands an empty text as null.
        and (text_files.content is not null or text_files.chars = '0')

),

{{ score_steps('texts') }},

final as (

    select
        content_hash,
        score_final,
        error_final,
        score_complex,
        error_complex,
        score_in_last_line,
        error_in_last_line,
        {{ as_text("'" ~ score_rules_version() ~ "'") }} as rules_version
    from scored

)

select * from final
