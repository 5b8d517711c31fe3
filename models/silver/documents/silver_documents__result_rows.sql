{{ view_of_news() }}

with result_rows as (

    select * from {{ source('raw_documents', 'result_rows') }}

),

file_tables as (

    select * from {{ source('raw_documents', 'file_tables') }}

),

files as (

    {{ documents_files() }}

),

csv_files as (

    select _file_id from file_tables
    where table_name = 'result_rows'
    group by _file_id

),

-- The versions of a csv in the order they came.
versions as (

    select
        files._file_id as file_id,
        files.is_example,
        files.load_sequence,
        {{ load_order('files.load_order') }} as landed_load,
        coalesce(
            lead({{ load_order('files.load_order') }}) over (
                partition by files.source_file
                order by files.load_sequence, files._file_id
            ),
            {{ never_replaced() }}
        ) as replaced_load
    from files
    inner join csv_files
        on files._file_id = csv_files._file_id

),

named as (

    select
        {{ as_text('_source_table') }} as kind,
        {{ as_text('base') }} as base,
        {{ as_text('source_csv') }} as source_csv,
        cast(row_index as bigint) as row_index,
        {{ by_document_kind('stage') }} as stage,
        {{ by_document_kind('rank') }} as kind_rank,
        {{ by_document_kind('task') }} as task_id,
        combo_id,
        {{ by_document_kind('template') }} as template_id,
        case
            when _source_table = 'evaluation_results' then evaluation_model
            else generation_model
        end as model_id,
        case
            when _source_table = 'evaluation_results' then evaluation_status
            else generation_status
        end as status,
        case
            when _source_table = 'evaluation_results' then evaluation_timestamp
            else generation_timestamp
        end as written_time,
        case
            when _source_table = 'evaluation_results' then eval_response_file
            else response_file
        end as response_file,
        case when _source_table = 'evaluation_results' then essay_task_id end
            as target_essay_task_id,
        case when _source_table = 'evaluation_results' then generation_task_id end
            as target_generation_task_id,
        {{ as_text('flags') }} as flags,
        {{ as_text('_file_id') }} as file_id,
        {{ as_text('_source_file') }} as source_file,
        _source_row as source_row
    from result_rows

),

final as (

    select
        named.kind,
        named.base,
        named.source_csv,
        named.row_index,
        named.stage,
        named.kind_rank,
        {{ filled_text('named.task_id') }} as task_id,
        {{ filled_text('named.combo_id') }} as combo_id,
        {{ filled_text('named.template_id') }} as template_id,
        {{ filled_text('named.model_id') }} as model_id,
        lower({{ filled_text('named.status') }}) as status,
        {{ filled_text('named.written_time') }} as written_time,
        {{ written_path('named.response_file') }} as response_file,
        {{ filled_text('named.target_essay_task_id') }} as target_essay_task_id,
        {{ filled_text('named.target_generation_task_id') }}
            as target_generation_task_id,
        named.flags,
        versions.replaced_load = {{ never_replaced() }} as is_current,
        versions.is_example,
        versions.load_sequence,
        versions.landed_load,
        versions.replaced_load,
        named.file_id,
        named.source_file,
        named.source_row
    from named
    inner join versions
        on named.file_id = versions.file_id

)

select * from final
