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
        stage = 'evaluation'
        and reason is null
        and {{ not_yet_written('source_rows') }}

),

targets as (

    select * from {{ ref('int_document_targets') }}
    where {{ when_news() }}

),

named as (

    select
        natural_key,
        'essay' as named_as,
        target_essay_task_id as task_id,
        generated_at
    from new_rows
    where target_essay_task_id is not null
    union all
    select
        natural_key,
        'generation' as named_as,
        target_generation_task_id as task_id,
        generated_at
    from new_rows
    where target_generation_task_id is not null

),

events as (

    select
        named_as,
        task_id,
        source_timestamp as event_at,
        0 as is_evaluation,
        target_order,
        null as natural_key
    from targets
    union all
    select
        named_as,
        task_id,
        generated_at as event_at,
        1 as is_evaluation,
        null as target_order,
        natural_key
    from named

),

-- Of several with one task id the last up to the evaluation, else the last of all.
followed as (

    select
        named_as,
        task_id,
        natural_key,
        coalesce(
            max(target_order) over (
                partition by task_id, named_as
                order by event_at asc nulls first, is_evaluation asc
            ),
            max(target_order) over (partition by task_id, named_as)
        ) as target_order
    from events

),

-- An essay before a generation; one that is no document is passed over.
found as (

    select
        followed.natural_key,
        targets.doc_id,
        row_number() over (
            partition by followed.natural_key
            order by followed.named_as
        ) as target_rank
    from followed
    inner join targets
        on followed.named_as = targets.named_as
        and followed.task_id = targets.task_id
        and followed.target_order = targets.target_order
    where followed.natural_key is not null

),

resolved as (

    select
        new_rows.*,
        found.doc_id as parent_doc_id,
        {{ as_text('null') }} as parser,
        new_rows.char_count as parsed_char_count,
        {{ as_text('null') }} as prompt_path
    from new_rows
    inner join found
        on new_rows.natural_key = found.natural_key
        and found.target_rank = 1

),

{{ documents_written(
    'resolved',
    this if is_incremental() else none,
    ["'evaluation'", 'parent_doc_id', 'template_id', 'model_id'],
    [
        ('evaluation_timestamp', 'attempted.written_time'),
        ('parent_doc_id', 'attempted.parent_doc_id'),
    ],
) }}

select * from written
