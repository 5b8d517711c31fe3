{{ table_of_news(pre_hook="{{ more_memory() }}") }}

with read_rows as (

    select * from {{ ref('int_document_repaired_rows') }}

),

texts as (

    select * from {{ ref('int_document_texts') }}

),

-- A path that only one other folder has, with one content.
shared_texts as (

    select
        *,
        row_number() over (partition by path, is_evaluation order by base) as text_rank,
        min(sha256) over (partition by path, is_evaluation) as first_sha256,
        max(sha256) over (partition by path, is_evaluation) as last_sha256
    from texts
    where replaced_load = {{ never_replaced() }}

),

found as (

    select
        read_rows.*,
        coalesce(own.sha256, shared.sha256) as sha256,
        coalesce(own.char_count, shared.char_count) as char_count,
        coalesce(own.is_readable, shared.is_readable) as is_readable,
        coalesce(own.flags, shared.flags) as text_flags,
        coalesce(own.file_id, shared.file_id) as text_file_id,
        coalesce(own.source_row, shared.source_row) as text_row
    from read_rows
    -- A row that its csv no longer has keeps the text of its time, or the first after.
    left join texts as own
        on read_rows.path = own.path
        and read_rows.base = own.base
        and read_rows.is_evaluation = own.is_evaluation
        and not read_rows.is_escaping
        and read_rows.replaced_load > own.counts_from_load
        and read_rows.replaced_load <= own.replaced_load
    left join shared_texts as shared
        on read_rows.path = shared.path
        and read_rows.is_evaluation = shared.is_evaluation
        and shared.text_rank = 1
        and shared.first_sha256 = shared.last_sha256
        and not read_rows.is_escaping
        and own.path is null

),

keyed as (

    select
        *,
        {{ text_hash(
            "written_key || '|' || coalesce(sha256, 'path:' || response_file, '')"
        ) }} as content_key
    from found
    {{ one_pass() }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by content_key, file_id
            order by row_index
        ) as occurrence
    from keyed

),

sightings as (

    select
        *,
        row_number() over (
            partition by content_key, occurrence
            order by is_current desc, load_sequence desc nulls last, file_id asc
        ) as sighting_rank
    from numbered

),

reasoned as (

    select
        *,
        content_key || '-' || occurrence as natural_key,
        {{ document_reason() }} as reason
    from sightings
    where sighting_rank = 1

),

final as (

    select
        natural_key,
        kind,
        base,
        source_csv,
        row_index,
        stage,
        kind_rank,
        {{ repairable_document_columns() | join(',\n        ') }},
        generated_at,
        sha256,
        char_count,
        text_file_id,
        text_row,
        reason,
        {{ document_detail() }} as detail,
        unrepaired_task_id,
        unrepaired_time,
        unrepaired_response_file,
        is_repaired,
        is_current,
        is_example,
        file_id,
        source_file,
        source_row
    from reasoned

)

select * from final
