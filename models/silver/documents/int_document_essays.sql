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
        stage = 'essay'
        and reason is null
        and {{ not_yet_written('source_rows') }}

),

-- Only drafts that are documents. The best of one time comes last; of one row, that of
-- its text of today.
drafts as (

    select
        documents.doc_id,
        documents.task_id,
        documents.combo_id,
        documents.model_id,
        documents.source_timestamp,
        row_number() over (
            partition by documents.combo_id, documents.model_id
            order by
                documents.source_timestamp asc nulls first,
                documents.kind_rank desc,
                documents.row_index desc,
                {{ is_of_today() }} asc,
                documents.natural_key desc
        ) as draft_order
    from {{ ref('int_document_drafts') }} as documents
    {{ rows_of_today('documents', ref('int_document_rows')) }}
    where
        documents.source_kind
        in ('draft_generation_results', 'link_generation_results')
        and {{ is_standing('documents', ref('int_document_rows')) }}
        and {{ when_news() }}

),

prompts as (

    {{ document_prompts(ref('silver_documents__texts')) | indent }}

),

events as (

    select
        combo_id,
        model_id,
        source_timestamp as event_at,
        0 as is_essay,
        draft_order,
        null as natural_key
    from drafts
    union all
    select
        combo_id,
        model_id,
        generated_at as event_at,
        1 as is_essay,
        null as draft_order,
        natural_key
    from new_rows

),

-- One pass over both: the last draft up to the essay, one of the same instant included.
followed as (

    select
        combo_id,
        model_id,
        natural_key,
        max(draft_order) over (
            partition by combo_id, model_id
            order by event_at asc nulls first, is_essay asc
        ) as draft_order
    from events

),

resolved as (

    select
        new_rows.*,
        drafts.doc_id as parent_doc_id,
        drafts.task_id as parent_task_id,
        {{ as_text('null') }} as parser,
        new_rows.char_count as parsed_char_count,
        prompts.path as prompt_path
    from new_rows
    inner join followed
        on new_rows.natural_key = followed.natural_key
    inner join drafts
        on followed.combo_id = drafts.combo_id
        and followed.model_id = drafts.model_id
        and followed.draft_order = drafts.draft_order
    left join prompts
        on new_rows.base = prompts.base
        and {{ prompt_path_of('new_rows.response_file') }} = prompts.path

),

{{ documents_written(
    'resolved',
    this if is_incremental() else none,
    ["'essay'", 'parent_doc_id', 'template_id', 'model_id'],
    [
        ('generation_timestamp', 'attempted.written_time'),
        ('parent_task_id', 'attempted.parent_task_id'),
    ],
) }}

select * from written
